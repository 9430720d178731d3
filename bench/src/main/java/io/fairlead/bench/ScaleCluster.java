package io.fairlead.bench;

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

/**
 * A cluster of equal Services with one cluster IP and one port each, in the proxy's own terms, and its routing. There is no
 * API server: what is measured with it begins at the routing table.
 */
final class ScaleCluster {

    private static final int MOST_SERVICES = 1 << 16;
    private static final int MOST_ENDPOINTS = 1 << 22;
    private static final int NODES = 200;
    private static final int CLUSTER_IPS = 0xac10_0000; // 172.16.0.0/12
    private static final int PODS = 0x0a00_0001; // 10.0.0.0/8
    private static final int LATER_PODS = 0x0b00_0001; // 11.0.0.0/8

    private final int services;
    private final int endpoints;
    private final Router router = new Router(IpFamily.IPV4, Workload.NODE, true);
    private ClusterImage image = ClusterImage.EMPTY;
    private RoutingTable table = RoutingTable.empty(IpFamily.IPV4);
    private int laterPods;

    /**
     * All of it, routed.
     *
     * @param services at least 1
     * @param endpoints of each, at least 1
     */
    ScaleCluster(int services, int endpoints) {
        if (services < 1 || services > MOST_SERVICES || endpoints < 1) {
            throw new IllegalArgumentException(services + " Services with " + endpoints + " endpoints each: 1 to "
                    + MOST_SERVICES + " Services with 1 or more can be measured");
        }
        if ((long) services * endpoints > MOST_ENDPOINTS) {
            throw new IllegalArgumentException(
                    (long) services * endpoints + " endpoints in all: at most " + MOST_ENDPOINTS + " can be measured");
        }
        this.services = services;
        this.endpoints = endpoints;
        var changes = new ArrayList<ClusterChange>();
        for (int i = 0; i < services; i++) {
            changes.addAll(service(i));
        }
        change(changes);
    }

    int services() {
        return services;
    }

    int endpoints() {
        return endpoints;
    }

    /** As of now. */
    RoutingTable table() {
        return table;
    }

    /** @param index from 0; beyond {@link #services} they are new */
    static NamespacedName name(int index) {
        return new NamespacedName(Workload.namespace(index), Workload.serviceName(index));
    }

    /** Another Pod in the place of one; returns what the routing of changed. */
    Set<NamespacedName> replaceEndpoint(int index, int number) {
        var list = endpointsOf(index);
        list.set(number % list.size(), laterPod());
        return change(List.of(slice(index, list)));
    }

    Set<NamespacedName> addEndpoint(int index) {
        var list = endpointsOf(index);
        list.add(laterPod());
        return change(List.of(slice(index, list)));
    }

    /** The one that was added last. */
    Set<NamespacedName> removeEndpoint(int index) {
        var list = endpointsOf(index);
        list.removeLast();
        return change(List.of(slice(index, list)));
    }

    Set<NamespacedName> addService(int index) {
        return change(service(index));
    }

    Set<NamespacedName> deleteService(int index) {
        return change(
                List.of(new ClusterChange.ServiceDeleted(name(index)), new ClusterChange.SliceDeleted(name(index))));
    }

    private Set<NamespacedName> change(List<ClusterChange> changes) {
        var delta = new ClusterDelta(image);
        changes.forEach(delta::replay);
        image = delta.apply();
        var update = router.update(table, image, delta.touchedServices());
        table = update.table();
        return update.changed();
    }

    private List<ClusterChange> service(int index) {
        var service = new Service(
                name(index),
                List.of(IpAddress.v4(CLUSTER_IPS + index + 1)),
                List.of(new ServicePort("http", Protocol.TCP, 80, 0)),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                false,
                0);
        var list = new ArrayList<Endpoint>();
        for (int i = 0; i < endpoints; i++) {
            int number = index * endpoints + i;
            list.add(endpoint(IpAddress.v4(PODS + number), number));
        }
        return List.of(new ClusterChange.ServiceSet(service), slice(index, list));
    }

    private static ClusterChange slice(int index, List<Endpoint> list) {
        return new ClusterChange.SliceSet(new EndpointSlice(
                name(index),
                name(index),
                IpFamily.IPV4,
                List.of(new EndpointPort("http", Protocol.TCP, 8080)),
                list,
                Optional.empty()));
    }

    private List<Endpoint> endpointsOf(int index) {
        return new ArrayList<>(image.slicesOf(name(index)).iterator().next().endpoints());
    }

    private Endpoint laterPod() {
        laterPods++;
        return endpoint(IpAddress.v4(LATER_PODS + laterPods), laterPods);
    }

    private static Endpoint endpoint(IpAddress address, int number) {
        var node = Optional.of("node-" + number % NODES);
        return new Endpoint(address, true, true, false, node, Set.of(), Set.of());
    }
}
