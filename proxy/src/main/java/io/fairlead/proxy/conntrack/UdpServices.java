package io.fairlead.proxy.conntrack;

import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may answer at each frontend of the UDP Services of a routing table: the endpoints that are serving, whatever their
 * readiness, place or policy. A frontend that several Services claim has the endpoints of all of them.
 */
record UdpServices(Map<Frontend, Set<Backend>> backends) {

    UdpServices {
        backends = Map.copyOf(backends);
    }

    static UdpServices of(RoutingTable table) {
        var backends = new HashMap<Frontend, Set<Backend>>();
        for (var ports : table.services().values()) {
            for (var port : ports) {
                if (port.name().protocol() == Protocol.UDP) {
                    var serving = serving(port.endpoints().all());
                    for (var frontend : frontends(port)) {
                        backends.merge(frontend, serving, UdpServices::union);
                    }
                }
            }
        }
        return new UdpServices(backends);
    }

    private static Set<Backend> serving(List<RoutedEndpoint> endpoints) {
        var serving = new HashSet<Backend>();
        for (var candidate : endpoints) {
            if (candidate.endpoint().serving()) {
                serving.add(new Backend(candidate.address(), candidate.port()));
            }
        }
        return serving;
    }

    private static Set<Backend> union(Set<Backend> some, Set<Backend> others) {
        var union = new HashSet<>(some);
        union.addAll(others);
        return union;
    }

    /** All that a Service port is reached by. */
    static Set<Frontend> frontends(ServiceRouting port) {
        var frontends = new LinkedHashSet<Frontend>();
        frontends.add(new Frontend.Address(port.clusterIp(), port.port()));
        port.loadBalancerVips().forEach(vip -> frontends.add(new Frontend.Address(vip, port.port())));
        port.externalIps().forEach(ip -> frontends.add(new Frontend.Address(ip, port.port())));
        if (port.nodePort() != 0) {
            frontends.add(new Frontend.NodePort(port.nodePort()));
        }
        return frontends;
    }

    /** The frontends of the UDP ports in which two tables differ, those that only one of them has included. */
    static Set<Frontend> changed(RoutingTable before, RoutingTable after) {
        var changed = new HashSet<Frontend>();
        if (before.services() == after.services()) {
            return changed;
        }
        after.services().forEach((name, ports) -> {
            var old = before.portsOf(name);
            // Tables share what did not change, so this looks into few lists only.
            if (old != ports && !old.equals(ports)) {
                addUdp(changed, old, ports);
                addUdp(changed, ports, old);
            }
        });
        before.services().forEach((name, ports) -> {
            if (!after.services().containsKey(name)) {
                addUdp(changed, ports, List.of());
            }
        });
        return changed;
    }

    private static void addUdp(
            Set<Frontend> to, Collection<ServiceRouting> ports, Collection<ServiceRouting> unlessAmong) {
        for (var port : ports) {
            if (port.name().protocol() == Protocol.UDP && !unlessAmong.contains(port)) {
                to.addAll(frontends(port));
            }
        }
    }
}
