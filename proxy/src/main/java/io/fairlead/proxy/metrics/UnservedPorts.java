package io.fairlead.proxy.metrics;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Service ports of one family whose policy Local finds no endpoint on this node although there are some elsewhere. */
final class UnservedPorts {

    private record Count(int internal, int external) {}

    private final Map<NamespacedName, Count> counts = new HashMap<>();
    private int internal;
    private int external;

    /** Looks at the Services that have changed. */
    void update(RoutingTable applied, Collection<NamespacedName> changed) {
        for (var name : changed) {
            add(counts.remove(name), -1);
            int inside = 0;
            int outside = 0;
            for (var port : applied.portsOf(name)) {
                if (port.endpoints().any()) {
                    inside += port.hasInternalEndpoints() ? 0 : 1;
                    outside += port.hasExternalEndpoints() ? 0 : 1;
                }
            }
            if (inside + outside > 0) {
                var count = new Count(inside, outside);
                counts.put(name, count);
                add(count, 1);
            }
        }
    }

    private void add(@Nullable Count count, int sign) {
        if (count != null) {
            internal += sign * count.internal();
            external += sign * count.external();
        }
    }

    int internal() {
        return internal;
    }

    int external() {
        return external;
    }
}
