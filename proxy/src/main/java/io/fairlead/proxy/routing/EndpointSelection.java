package io.fairlead.proxy.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which endpoints of a Service port traffic from this node may reach (spec section 2). All lists are sorted by
 * {@link RoutedEndpoint#text()}.
 *
 * @param all every endpoint of the port, whatever its conditions
 * @param cluster for traffic under policy Cluster
 * @param local for traffic under policy Local
 * @param reachable what cluster and local hold together
 * @param any some endpoint somewhere could take traffic: without one traffic is refused, with one that is out of reach
 *     it is dropped
 * @param topology why {@code cluster} holds only some of the ready endpoints
 * @param clusterTerminating nothing is ready anywhere: {@code cluster} holds endpoints that are going away
 * @param localTerminating nothing is ready on this node: {@code local} holds endpoints that are going away
 */
public record EndpointSelection(
        List<RoutedEndpoint> all,
        List<RoutedEndpoint> cluster,
        List<RoutedEndpoint> local,
        List<RoutedEndpoint> reachable,
        boolean any,
        Topology topology,
        boolean clusterTerminating,
        boolean localTerminating) {

    static final EndpointSelection NOTHING =
            new EndpointSelection(List.of(), List.of(), List.of(), List.of(), false, Topology.NONE, false, false);

    public EndpointSelection {
        all = List.copyOf(all);
        cluster = List.copyOf(cluster);
        local = List.copyOf(local);
        reachable = List.copyOf(reachable);
    }

    /**
     * Selects.
     *
     * @param all sorted by text, no two alike
     * @param usesCluster some traffic to the port is under policy Cluster
     * @param usesLocal some traffic to the port is under policy Local
     * @param zone this node's zone, when it has one
     */
    public static EndpointSelection select(
            List<RoutedEndpoint> all, boolean usesCluster, boolean usesLocal, String nodeName, Optional<String> zone) {
        if (all.isEmpty()) {
            return NOTHING;
        }
        var topology = usesCluster ? Topology.of(all, nodeName, zone) : Topology.NONE;
        List<RoutedEndpoint> cluster = List.of();
        boolean clusterTerminating = false;
        if (usesCluster) {
            cluster = where(all, candidate -> candidate.ready() && topology.admits(candidate, nodeName, zone));
            if (cluster.isEmpty()) {
                cluster = where(all, RoutedEndpoint::servingWhileTerminating);
                clusterTerminating = !cluster.isEmpty();
            }
        }
        if (!usesLocal) {
            return new EndpointSelection(
                    all, cluster, List.of(), cluster, !cluster.isEmpty(), topology, clusterTerminating, false);
        }
        boolean any = all.stream().anyMatch(candidate -> candidate.ready() || candidate.servingWhileTerminating());
        var local = where(all, candidate -> candidate.local() && candidate.ready());
        boolean localTerminating = false;
        if (local.isEmpty()) {
            local = where(all, candidate -> candidate.local() && candidate.servingWhileTerminating());
            localTerminating = !local.isEmpty();
        }
        var reachable = usesCluster ? union(cluster, local) : local;
        return new EndpointSelection(
                all, cluster, local, reachable, any, topology, clusterTerminating, localTerminating);
    }

    private static List<RoutedEndpoint> where(
            List<RoutedEndpoint> endpoints, java.util.function.Predicate<RoutedEndpoint> condition) {
        var chosen = new ArrayList<RoutedEndpoint>(endpoints.size());
        for (var candidate : endpoints) {
            if (condition.test(candidate)) {
                chosen.add(candidate);
            }
        }
        return chosen.size() == endpoints.size() ? endpoints : chosen;
    }

    private static List<RoutedEndpoint> union(List<RoutedEndpoint> cluster, List<RoutedEndpoint> local) {
        if (cluster.containsAll(local)) {
            return cluster;
        }
        var byText = new TreeMap<String, RoutedEndpoint>();
        cluster.forEach(endpoint -> byText.put(endpoint.text(), endpoint));
        local.forEach(endpoint -> byText.put(endpoint.text(), endpoint));
        return List.copyOf(byText.values());
    }
}
