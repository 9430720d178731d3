package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowTuple;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Routing tables and flows for tests. Services listen on port 53 with a TCP and a UDP port, endpoints on 5353. */
final class Cluster {

    static final IpAddress CLIENT = IpAddress.parse("10.244.9.9");

    private final Router router = new Router(IpFamily.IPV4, "node-1", true);
    private ClusterImage image = ClusterImage.EMPTY;
    private RoutingTable table = RoutingTable.empty(IpFamily.IPV4);

    RoutingTable table() {
        return table;
    }

    /** Adds a Service or changes it; an endpoint that starts with "-" is not serving. */
    RoutingTable put(String name, String clusterIp, int nodePort, List<String> externalIps, String... endpoints) {
        var service = new NamespacedName("default", name);
        var ports = List.of(
                new ServicePort("tcp", Protocol.TCP, 53, 0), new ServicePort("udp", Protocol.UDP, 53, nodePort));
        var slice = new ArrayList<Endpoint>();
        for (var text : endpoints) {
            boolean serving = !text.startsWith("-");
            var address = IpAddress.parse(serving ? text : text.substring(1));
            slice.add(new Endpoint(address, serving, serving, false, Optional.empty(), Set.of(), Set.of()));
        }
        return apply(
                new ClusterChange.ServiceSet(new Service(
                        service,
                        List.of(IpAddress.parse(clusterIp)),
                        ports,
                        externalIps.stream().map(IpAddress::parse).toList(),
                        List.of(),
                        List.of(),
                        0,
                        false,
                        false,
                        0)),
                new ClusterChange.SliceSet(new EndpointSlice(
                        new NamespacedName("default", name + "-1"),
                        service,
                        IpFamily.IPV4,
                        List.of(
                                new EndpointPort("tcp", Protocol.TCP, 5353),
                                new EndpointPort("udp", Protocol.UDP, 5353)),
                        slice,
                        Optional.empty())));
    }

    RoutingTable put(String name, String clusterIp, String... endpoints) {
        return put(name, clusterIp, 0, List.of(), endpoints);
    }

    RoutingTable delete(String name) {
        return apply(new ClusterChange.ServiceDeleted(new NamespacedName("default", name)));
    }

    private RoutingTable apply(ClusterChange... changes) {
        var delta = new ClusterDelta(image);
        for (var change : changes) {
            delta.replay(change);
        }
        image = delta.apply();
        table = router.update(table, image, delta.touchedServices()).table();
        return table;
    }

    /** A UDP flow from the client to one address and port, answered by another. */
    static ConntrackFlow udp(String to, int port, String by, int byPort) {
        return flow(FlowTuple.UDP, to, port, by, byPort);
    }

    static ConntrackFlow flow(int protocol, String to, int port, String by, int byPort) {
        return new ConntrackFlow(
                IpFamily.IPV4,
                new FlowTuple(CLIENT, IpAddress.parse(to), protocol, 6000, port),
                new FlowTuple(IpAddress.parse(by), CLIENT, protocol, byPort, 6000),
                0,
                0,
                30,
                0,
                1);
    }
}
