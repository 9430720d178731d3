package io.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.EndpointSelection;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServicePortName;
import io.fairlead.proxy.routing.ServiceRouting;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.pcollections.HashTreePMap;

/** Section 4.2: what counts as a Service's endpoint on this node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalEndpointsTest {

    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final int CHECK_PORT = 31_000;

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    /** Upstream's own cases; every Service of theirs gets a check port. */
    @TestFactory
    Stream<DynamicTest> recordedCases() {
        return report.tests(
                "proxy/endpointslice-cache.json",
                vector -> vector.path("kind").asText().equals("localReadyEndpointIPs"),
                vector -> vector.path("test").asText() + vector.path("index").asText(),
                (vector, run) -> {
                    var expected = new HashMap<NamespacedName, Integer>();
                    vector.path("expected")
                            .properties()
                            .forEach(service -> expected.put(
                                    name(service.getKey()), service.getValue().size()));
                    run.compare(
                            "ready here",
                            () -> assertThat(ready(table(vector.path("endpointsMap"))))
                                    .isEqualTo(expected));
                });
    }

    @Test
    void aPodWithTwoPortsCountsOnce() {
        var pod = endpoint("10.244.0.1", 80, true, true);
        assertThat(ready(table(Map.of(WEB, List.of(routing("http", pod), routing("metrics", pod))))))
                .containsExactly(Map.entry(WEB, 1));
    }

    @Test
    void endpointsElsewhereAndThoseThatAreNotReadyDoNotCount() {
        var local = endpoint("10.244.0.1", 80, true, false);
        var remote = endpoint("10.244.1.1", 80, false, true);
        assertThat(ready(table(Map.of(WEB, List.of(routing("", local, remote))))))
                .isEmpty();
    }

    @Test
    void aServiceThatIsGoneIsForgotten() {
        var endpoints = new LocalEndpoints();
        var pod = endpoint("10.244.0.1", 80, true, true);
        endpoints.update(table(Map.of(WEB, List.of(routing("", pod)))), Set.of(WEB));
        assertThat(endpoints.ports()).containsExactly(Map.entry(WEB, CHECK_PORT));
        endpoints.update(RoutingTable.empty(IpFamily.IPV4), Set.of(WEB));
        assertThat(endpoints.ports()).isEmpty();
        assertThat(endpoints.ready()).isEmpty();
    }

    private static Map<NamespacedName, Integer> ready(RoutingTable table) {
        var endpoints = new LocalEndpoints();
        endpoints.update(table, table.services().keySet());
        return endpoints.ready();
    }

    private static RoutingTable table(Map<NamespacedName, List<ServiceRouting>> services) {
        return new RoutingTable(IpFamily.IPV4, HashTreePMap.from(services), List.of(), 0);
    }

    /** From endpoints by {@code namespace/name:port/PROTOCOL}. */
    private static RoutingTable table(JsonNode endpointsMap) {
        var services = new HashMap<NamespacedName, List<ServiceRouting>>();
        endpointsMap.properties().forEach(port -> {
            var key = port.getKey().substring(0, port.getKey().lastIndexOf('/'));
            int colon = key.indexOf(':');
            var endpoints = VectorFiles.stream(port.getValue())
                    .map(endpoint -> endpoint(
                            endpoint.path("ip").asText(),
                            endpoint.path("port").asInt(),
                            endpoint.path("isLocal").asBoolean(),
                            endpoint.path("ready").asBoolean()))
                    .toArray(RoutedEndpoint[]::new);
            services.computeIfAbsent(name(colon < 0 ? key : key.substring(0, colon)), _ -> new ArrayList<>())
                    .add(routing(colon < 0 ? "" : key.substring(colon + 1), endpoints));
        });
        return table(services);
    }

    private static NamespacedName name(String text) {
        int slash = text.indexOf('/');
        return new NamespacedName(text.substring(0, slash), text.substring(slash + 1));
    }

    private static RoutedEndpoint endpoint(String address, int port, boolean local, boolean ready) {
        var endpoint =
                new Endpoint(IpAddress.parse(address), ready, true, !ready, Optional.empty(), Set.of(), Set.of());
        return new RoutedEndpoint(address + ":" + port, endpoint, port, local);
    }

    private static ServiceRouting routing(String port, RoutedEndpoint... endpoints) {
        return new ServiceRouting(
                new ServicePortName(WEB, port, Protocol.TCP),
                IpAddress.parse("10.96.0.10"),
                80,
                0,
                List.of(),
                List.of(),
                List.of(),
                0,
                true,
                false,
                CHECK_PORT,
                true,
                EndpointSelection.select(List.of(endpoints), true, true, "node", Optional.empty()));
    }
}
