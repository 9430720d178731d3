package io.fairlead.proxy.health;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** One family's Services with a health check node port, and how many ready endpoints each has on this node. */
final class LocalEndpoints {

    private final Map<NamespacedName, Integer> ports = new HashMap<>();
    private final Map<NamespacedName, Integer> ready = new HashMap<>();

    /** Looks at the Services that have changed. */
    void update(RoutingTable applied, Collection<NamespacedName> changed) {
        for (var name : changed) {
            ports.remove(name);
            ready.remove(name);
            var local = new HashSet<IpAddress>();
            for (var port : applied.portsOf(name)) {
                if (port.healthCheckNodePort() != 0) {
                    ports.put(name, port.healthCheckNodePort());
                    port.endpoints().all().stream()
                            .filter(endpoint -> endpoint.local() && endpoint.ready())
                            .forEach(endpoint -> local.add(endpoint.address()));
                }
            }
            if (!local.isEmpty()) {
                ready.put(name, local.size());
            }
        }
    }

    Map<NamespacedName, Integer> ports() {
        return ports;
    }

    /** Several ports of one Pod count once. */
    Map<NamespacedName, Integer> ready() {
        return ready;
    }
}
