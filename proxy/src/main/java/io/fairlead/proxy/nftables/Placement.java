package io.fairlead.proxy.nftables;

import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint of a Service port has which index. An endpoint keeps its index as long as it can: when one goes, the last
 * takes its index, so a change touches few elements however many there are.
 */
record Placement(List<RoutedEndpoint> cluster, List<RoutedEndpoint> local) {

    /** As endpoints are sorted. */
    static Placement initial(ServiceRouting port) {
        return new Placement(port.endpoints().cluster(), port.endpoints().local());
    }

    /** From this to other endpoints. */
    Placement next(ServiceRouting port) {
        return new Placement(
                next(cluster, port.endpoints().cluster()),
                next(local, port.endpoints().local()));
    }

    private static List<RoutedEndpoint> next(List<RoutedEndpoint> before, List<RoutedEndpoint> wanted) {
        if (before.isEmpty() || before.equals(wanted)) {
            return wanted;
        }
        return fill(before.size(), before::get, wanted);
    }

    /**
     * Leaves what is wanted where it is, and fills the gaps with the rest in its order.
     *
     * @param before by index; null for nobody
     */
    static List<RoutedEndpoint> fill(
            int length, IntFunction<@Nullable RoutedEndpoint> before, List<RoutedEndpoint> wanted) {
        var left = HashMap.<String, RoutedEndpoint>newHashMap(wanted.size());
        wanted.forEach(endpoint -> left.put(endpoint.text(), endpoint));
        var placed = new RoutedEndpoint[wanted.size()];
        for (int i = 0; i < Math.min(length, placed.length); i++) {
            var kept = before.apply(i);
            if (kept != null) {
                var still = left.remove(kept.text());
                if (still != null) {
                    placed[i] = still;
                }
            }
        }
        var rest = new ArrayList<RoutedEndpoint>(left.size());
        for (var endpoint : wanted) {
            if (left.containsKey(endpoint.text())) {
                rest.add(endpoint);
            }
        }
        int next = 0;
        for (int i = 0; i < placed.length; i++) {
            if (placed[i] == null) {
                placed[i] = rest.get(next++);
            }
        }
        return List.of(placed);
    }
}
