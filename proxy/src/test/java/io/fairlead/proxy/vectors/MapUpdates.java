package io.fairlead.proxy.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what the cluster has become with recorded results of upstream's change trackers. */
public final class MapUpdates {

    private MapUpdates() {}

    /** Compares whatever the result of this step has. */
    public static void compare(JsonNode step, Replayed cluster, Replayed.Change change, VectorReport.Run run)
            throws Exception {
        var result = step.path("result");
        var at = " of step " + step.path("index");
        if (result.has("servicePortMap")) {
            run.compare("servicePortMap" + at, () -> assertPorts(cluster.ports(), result.path("servicePortMap")));
            run.compare(
                    "healthCheckNodePorts" + at,
                    () -> assertThat(healthChecks(cluster.ports().values()))
                            .isEqualTo(numbers(result.path("healthCheckNodePorts"))));
        }
        if (result.has("endpointsMap")) {
            run.compare(
                    "endpointsMap" + at,
                    () -> Replayed.assertEndpoints(cluster.endpoints(), result.path("endpointsMap")));
            run.compare(
                    "localReadyEndpoints" + at,
                    () -> assertThat(localReady(cluster.endpoints()))
                            .isEqualTo(numbers(result.path("localReadyEndpoints"))));
        }
        if (result.has("updatedServices")) {
            run.compare(
                    "updatedServices" + at,
                    () -> assertThat(result.has("servicePortMap") ? change.rerouted() : change.touched())
                            .isEqualTo(Replayed.names(result.path("updatedServices"))));
        }
    }

    static void assertPorts(Map<String, ServiceRouting> actual, JsonNode expected) {
        var expectedKeys = new TreeSet<String>();
        expected.properties().forEach(port -> expectedKeys.add(port.getKey()));
        assertThat(actual.keySet()).isEqualTo(expectedKeys);
        actual.forEach((key, routing) -> assertThat(describe(routing)).as(key).isEqualTo(describe(expected.path(key))));
    }

    private static Map<String, Object> describe(ServiceRouting routing) {
        return Map.ofEntries(
                Map.entry("clusterIP", routing.clusterIp()),
                Map.entry("port", routing.port()),
                Map.entry("protocol", routing.name().protocol().name()),
                Map.entry("nodePort", routing.nodePort()),
                Map.entry("loadBalancerVIPs", routing.loadBalancerVips()),
                Map.entry("externalIPs", routing.externalIps()),
                Map.entry("loadBalancerSourceRanges", routing.sourceRanges()),
                Map.entry("stickyMaxAgeSeconds", routing.affinitySeconds()),
                Map.entry("healthCheckNodePort", routing.healthCheckNodePort()),
                Map.entry("externalPolicyLocal", routing.externalPolicyLocal()),
                Map.entry("internalPolicyLocal", routing.internalPolicyLocal()));
    }

    private static Map<String, Object> describe(JsonNode port) {
        return Map.ofEntries(
                Map.entry("clusterIP", IpAddress.parse(port.path("clusterIP").asText())),
                Map.entry("port", port.path("port").asInt()),
                Map.entry("protocol", port.path("protocol").asText()),
                Map.entry("nodePort", port.path("nodePort").asInt()),
                Map.entry("loadBalancerVIPs", addresses(port.path("loadBalancerVIPs"))),
                Map.entry("externalIPs", addresses(port.path("externalIPs"))),
                Map.entry(
                        "loadBalancerSourceRanges",
                        VectorFiles.texts(port.path("loadBalancerSourceRanges")).stream()
                                .map(IpPrefix::parse)
                                .toList()),
                Map.entry(
                        "stickyMaxAgeSeconds", port.path("stickyMaxAgeSeconds").asInt()),
                Map.entry(
                        "healthCheckNodePort", port.path("healthCheckNodePort").asInt()),
                Map.entry(
                        "externalPolicyLocal", port.path("externalPolicyLocal").asBoolean()),
                Map.entry(
                        "internalPolicyLocal", port.path("internalPolicyLocal").asBoolean()));
    }

    private static List<IpAddress> addresses(JsonNode texts) {
        return VectorFiles.texts(texts).stream().map(IpAddress::parse).toList();
    }

    public static Map<String, Integer> healthChecks(Collection<ServiceRouting> ports) {
        var checks = new TreeMap<String, Integer>();
        for (var port : ports) {
            if (port.healthCheckNodePort() != 0) {
                checks.put(port.name().service().toString(), port.healthCheckNodePort());
            }
        }
        return checks;
    }

    public static Map<String, Integer> localReady(Map<String, List<RoutedEndpoint>> endpoints) {
        var counts = new TreeMap<String, Integer>();
        localReadyAddresses(endpoints).forEach((service, addresses) -> counts.put(service, addresses.size()));
        return counts;
    }

    private static Map<String, Set<IpAddress>> localReadyAddresses(Map<String, List<RoutedEndpoint>> endpoints) {
        var ready = new TreeMap<String, Set<IpAddress>>();
        endpoints.forEach((port, list) -> list.stream()
                .filter(endpoint -> endpoint.local() && endpoint.ready())
                .forEach(endpoint -> ready.computeIfAbsent(serviceOf(port), _ -> new TreeSet<>())
                        .add(endpoint.address())));
        return ready;
    }

    private static String serviceOf(String key) {
        int colon = key.indexOf(':');
        return key.substring(0, colon < 0 ? key.lastIndexOf('/') : colon);
    }

    public static Map<String, Integer> numbers(JsonNode object) {
        var numbers = new TreeMap<String, Integer>();
        object.properties()
                .forEach(entry -> numbers.put(entry.getKey(), entry.getValue().asInt()));
        return numbers;
    }
}
