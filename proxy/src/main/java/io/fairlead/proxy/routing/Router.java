package io.fairlead.proxy.routing;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Computes the routing of Services for one family as this node sees them. A pure function of the image.
 *
 * @param allowExternalIps the feature gate AllowServiceExternalIPs
 */
public record Router(IpFamily family, String nodeName, boolean allowExternalIps) {

    private record PortKey(String name, Protocol protocol) {}

    /** Recomputes the named Services only. */
    public RoutingTable.Update update(RoutingTable table, ClusterImage image, Collection<NamespacedName> touched) {
        var changed = new HashSet<NamespacedName>();
        for (var name : touched) {
            var ports = route(image, name);
            if (!ports.equals(table.portsOf(name))) {
                table = table.with(name, ports);
                changed.add(name);
            }
        }
        return new RoutingTable.Update(table.withServiceCidrs(image.serviceCidrs(family)), changed);
    }

    /** The routing of all Services. */
    public RoutingTable route(ClusterImage image) {
        return update(RoutingTable.empty(family), image, image.services().keySet())
                .table();
    }

    /** One entry per port; none when the Service is unknown, or has no cluster IP of this family. */
    public List<ServiceRouting> route(ClusterImage image, NamespacedName name) {
        var service = image.services().get(name);
        var clusterIp = service == null ? Optional.<IpAddress>empty() : service.clusterIp(family);
        if (service == null || clusterIp.isEmpty()) {
            return List.of();
        }
        var endpoints = endpointsByPort(image, name);
        var zone = image.node().flatMap(Node::zone);
        var ports = new LinkedHashMap<PortKey, ServiceRouting>();
        for (var port : service.ports()) {
            var key = new PortKey(port.name(), port.protocol());
            ports.put(key, route(service, clusterIp.get(), port, endpoints.getOrDefault(key, List.of()), zone));
        }
        return List.copyOf(ports.values());
    }

    private ServiceRouting route(
            Service service,
            IpAddress clusterIp,
            ServicePort port,
            List<RoutedEndpoint> endpoints,
            Optional<String> zone) {
        var externalIps = ofFamily(service.externalIps());
        var vips = ofFamily(service.loadBalancerVips());
        boolean accessible = port.nodePort() != 0 || !vips.isEmpty() || !externalIps.isEmpty();
        var selection = EndpointSelection.select(
                endpoints,
                ServiceRouting.usesCluster(service.internalPolicyLocal(), accessible),
                ServiceRouting.usesLocal(service.internalPolicyLocal(), service.externalPolicyLocal(), accessible),
                nodeName,
                zone);
        return new ServiceRouting(
                new ServicePortName(service.name(), port.name(), port.protocol()),
                clusterIp,
                port.port(),
                port.nodePort(),
                allowExternalIps ? externalIps : List.of(),
                vips,
                sourceRanges(service),
                service.affinitySeconds(),
                service.externalPolicyLocal(),
                service.internalPolicyLocal(),
                service.healthCheckNodePort(),
                accessible,
                selection);
    }

    /**
     * Of two endpoints with the same address and port the later wins, unless it is terminating: a running Pod beats one
     * that is going away and still holds the same IP.
     */
    private Map<PortKey, List<RoutedEndpoint>> endpointsByPort(ClusterImage image, NamespacedName service) {
        var byPort = new HashMap<PortKey, TreeMap<String, RoutedEndpoint>>();
        for (var slice : image.slicesOf(service)) {
            if (slice.family() != family) {
                continue;
            }
            for (var port : slice.ports()) {
                var endpoints = byPort.computeIfAbsent(new PortKey(port.name(), port.protocol()), _ -> new TreeMap<>());
                for (var endpoint : slice.endpoints()) {
                    var routed = RoutedEndpoint.of(endpoint, port.port(), isLocal(endpoint));
                    if (!endpoint.terminating() || !endpoints.containsKey(routed.text())) {
                        endpoints.put(routed.text(), routed);
                    }
                }
            }
        }
        var lists = new HashMap<PortKey, List<RoutedEndpoint>>();
        byPort.forEach((port, endpoints) -> lists.put(port, List.copyOf(endpoints.values())));
        return lists;
    }

    private boolean isLocal(Endpoint endpoint) {
        return !nodeName.isEmpty()
                && endpoint.nodeName().filter(nodeName::equals).isPresent();
    }

    private List<IpAddress> ofFamily(List<IpAddress> addresses) {
        var own = new ArrayList<IpAddress>(addresses.size());
        for (var address : addresses) {
            if (address.family() == family) {
                own.add(address);
            }
        }
        return own;
    }

    /** One range of length zero opens the Service to everybody. */
    private List<IpPrefix> sourceRanges(Service service) {
        var own = new ArrayList<IpPrefix>();
        for (var range : service.sourceRanges()) {
            if (range.family() == family) {
                if (range.length() == 0) {
                    return List.of();
                }
                own.add(range);
            }
        }
        return own;
    }
}
