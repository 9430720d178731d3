package io.fairlead.proxy.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.routing.EndpointSelection;
import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Upstream's own cases of tracking Services and EndpointSlices and of choosing endpoints. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyVectorsTest {

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    @TestFactory
    Stream<DynamicTest> endpointSelection() {
        return report.tests("proxy/topology.json", vector -> vector.path("test").asText(), ProxyVectorsTest::select);
    }

    private static void select(JsonNode vector, VectorReport.Run run) throws Exception {
        var info = vector.path("serviceInfo");
        boolean internalLocal = info.path("internalPolicyLocal").asBoolean();
        boolean accessible = info.path("nodePort").asInt() != 0
                || !info.path("externalIPs").isEmpty()
                || !info.path("loadBalancerVIPs").isEmpty();
        boolean usesCluster = !internalLocal || accessible;
        boolean usesLocal = internalLocal || info.path("externalPolicyLocal").asBoolean() && accessible;
        var zone = Optional.ofNullable(vector.path("nodeLabels")
                        .path("topology.kubernetes.io/zone")
                        .textValue())
                .filter(text -> !text.isEmpty());
        var all = VectorFiles.stream(vector.path("endpoints"))
                .map(ProxyVectorsTest::endpoint)
                .sorted(Comparator.comparing(RoutedEndpoint::text))
                .toList();
        var selection = EndpointSelection.select(
                all, usesCluster, usesLocal, vector.path("nodeName").asText(), zone);
        var result = vector.path("result");
        run.compare("selection", () -> {
            assertThat(texts(selection.cluster())).isEqualTo(sorted(result.path("clusterEndpoints")));
            assertThat(texts(selection.local())).isEqualTo(sorted(result.path("localEndpoints")));
            assertThat(texts(selection.reachable())).isEqualTo(sorted(result.path("allReachableEndpoints")));
            assertThat(selection.any()).isEqualTo(result.path("hasAnyEndpoints").asBoolean());
        });
    }

    private static RoutedEndpoint endpoint(JsonNode vector) {
        var text = vector.path("endpoint").asText();
        int colon = text.lastIndexOf(':');
        var address = IpAddress.parse(text.substring(0, colon).replaceAll("[\\[\\]]", ""));
        var endpoint = new Endpoint(
                address,
                vector.path("ready").asBoolean(),
                vector.path("serving").asBoolean(),
                vector.path("terminating").asBoolean(),
                Optional.empty(),
                Set.copyOf(VectorFiles.texts(vector.path("zoneHints"))),
                Set.copyOf(VectorFiles.texts(vector.path("nodeHints"))));
        int port = Integer.parseInt(text.substring(colon + 1));
        return new RoutedEndpoint(text, endpoint, port, vector.path("isLocal").asBoolean());
    }

    private static List<String> texts(List<RoutedEndpoint> endpoints) {
        return endpoints.stream().map(RoutedEndpoint::text).toList();
    }

    private static List<String> sorted(JsonNode texts) {
        return VectorFiles.texts(texts).stream().sorted().toList();
    }

    @TestFactory
    Stream<DynamicTest> servicePorts() {
        return report.tests(
                "proxy/service-map.json", vector -> vector.path("test").asText(), (vector, run) -> {
                    var cluster = new Replayed(Replayed.family(vector.path("ipFamily")), "node");
                    if (!vector.path("service").isNull()) {
                        cluster.set(List.of(vector.path("service")));
                    }
                    run.compare("ports", () -> MapUpdates.assertPorts(cluster.ports(), vector.path("result")));
                });
    }

    @TestFactory
    Stream<DynamicTest> trackers() {
        return report.tests("proxy/trackers.json", vector -> vector.path("id").asText(), (vector, run) -> {
            var settings = vector.path("settings");
            var cluster = new Replayed(
                    Replayed.family(settings.path("ipFamily")),
                    settings.path("nodeName").asText());
            for (var step : vector.path("steps")) {
                MapUpdates.compare(step, cluster, cluster.replay(step.path("ops")), run);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> slices() {
        return report.tests(
                "proxy/endpointslice-cache.json",
                vector -> !vector.path("kind").asText().equals("localReadyEndpointIPs"), // LocalEndpointsTest
                vector -> vector.path("test").asText() + vector.path("index").asText(),
                (vector, run) -> {
                    switch (vector.path("kind").asText()) {
                        case "endpointsMap", "endpointInfoByServicePort" -> endpointsMap(vector, run);
                        case "esDataChanged" -> sliceChange(vector, run);
                        case "endpointSliceUpdate" -> sliceUpdate(vector, run);
                        case "checkoutChanges" -> checkout(vector, run);
                        default -> throw new AssertionError("nothing replays " + vector.path("kind"));
                    }
                });
    }

    private static void endpointsMap(JsonNode vector, VectorReport.Run run) throws Exception {
        var cluster = new Replayed(IpFamily.IPV4, vector.path("nodeName").asText());
        cluster.set(vector.path("endpointSlices"));
        var service = vector.path("service").asText();
        var endpoints = cluster.endpoints();
        endpoints.keySet().removeIf(port -> !port.startsWith(service + ":") && !port.startsWith(service + "/"));
        run.compare("endpoints", () -> Replayed.assertEndpoints(endpoints, vector.path("expected")));
    }

    /** The recorded slices have no address type, which no API server would let through. */
    private static void sliceChange(JsonNode vector, VectorReport.Run run) throws Exception {
        var cluster = new Replayed(IpFamily.IPV4, "node");
        cluster.set(List.of(withAddressType(vector.path("initialSlice"))));
        var change = cluster.set(List.of(withAddressType(vector.path("updatedSlice"))));
        run.compare(
                "change",
                () -> assertThat(!change.touched().isEmpty())
                        .isEqualTo(vector.path("expectChanged").asBoolean()));
    }

    private static JsonNode withAddressType(JsonNode slice) {
        return slice.path("addressType").asText().isEmpty()
                ? ((ObjectNode) slice).put("addressType", IpFamily.IPV4.toString())
                : slice;
    }

    private static void sliceUpdate(JsonNode vector, VectorReport.Run run) throws Exception {
        var cluster = new Replayed(
                Replayed.family(vector.path("ipFamily")),
                vector.path("nodeName").asText());
        cluster.set(vector.path("startingSlices"));
        var change = vector.path("remove").asBoolean()
                ? cluster.removeSlice(vector.path("slice"))
                : cluster.set(List.of(vector.path("slice")));
        run.compare(
                "change",
                () -> assertThat(!change.touched().isEmpty())
                        .isEqualTo(vector.path("expectedChanged").asBoolean()));
        if (!vector.path("expectedCurrent").isNull()) {
            run.compare(
                    "endpoints", () -> Replayed.assertEndpoints(cluster.endpoints(), vector.path("expectedCurrent")));
        }
    }

    private static void checkout(JsonNode vector, VectorReport.Run run) throws Exception {
        var cluster = new Replayed(IpFamily.IPV4, vector.path("nodeName").asText());
        cluster.set(vector.path("appliedSlices"));
        var changes = vector.path("expectedChanges");
        run.compare(
                "previous",
                () -> Replayed.assertEndpoints(
                        cluster.endpoints(), changes.path(0).path("previous")));
        cluster.set(vector.path("pendingSlices"));
        run.compare(
                "current",
                () -> Replayed.assertEndpoints(
                        cluster.endpoints(), changes.path(0).path("current")));
    }

    @TestFactory
    Stream<DynamicTest> clusterIps() {
        return report.tests(
                "proxy/util.json",
                vector -> vector.has("shouldSkip") || vector.has("requestFamily"),
                vector -> vector.path("test").asText() + " "
                        + vector.path("service").path("spec"),
                (vector, run) -> {
                    var family = Replayed.family(vector.path("requestFamily"));
                    var cluster = new Replayed(family, "node");
                    cluster.set(List.of(complete((ObjectNode) vector.path("service"))));
                    var clusterIp = cluster.image().services().values().stream()
                            .flatMap(service -> service.clusterIp(family).stream())
                            .map(IpAddress::toString)
                            .collect(Collectors.joining(" "));
                    if (vector.has("shouldSkip")) {
                        run.compare(
                                "skipping",
                                () -> assertThat(clusterIp.isEmpty())
                                        .isEqualTo(vector.path("shouldSkip").asBoolean()));
                    } else {
                        run.compare(
                                "cluster IP",
                                () -> assertThat(clusterIp)
                                        .isEqualTo(vector.path("expectedResult").asText()));
                    }
                });
    }

    /** Adds what an API server always fills in: a name, and the first of clusterIPs as clusterIP. */
    private static JsonNode complete(ObjectNode service) {
        var metadata = (ObjectNode) service.path("metadata");
        if (!metadata.has("name")) {
            metadata.put("name", "web").put("namespace", "default");
        }
        var spec = (ObjectNode) service.path("spec");
        if (spec.path("clusterIP").isMissingNode() && spec.has("clusterIPs")) {
            spec.put("clusterIP", spec.path("clusterIPs").path(0).asText());
        }
        return service;
    }
}
