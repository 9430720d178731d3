package io.fairlead.proxy.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import io.fairlead.proxy.source.Decoded;
import io.fairlead.proxy.source.ObjectDecoder;
import io.fairlead.proxy.source.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A cluster fed with recorded objects, as one family and one node sees it. */
public final class Replayed {

    private final IpFamily family;
    private final Router router;
    private ClusterImage image = ClusterImage.EMPTY;
    private RoutingTable table;

    /**
     * What a step did.
     *
     * @param touched Services that changed or whose slices did
     * @param rerouted those of them whose routing is another now
     */
    public record Change(Set<NamespacedName> touched, Set<NamespacedName> rerouted) {}

    public Replayed(IpFamily family, String nodeName) {
        this.family = family;
        router = new Router(family, nodeName, true);
        table = RoutingTable.empty(family);
    }

    public static IpFamily family(JsonNode text) {
        return text.asText().equals(IpFamily.IPV6.toString()) ? IpFamily.IPV6 : IpFamily.IPV4;
    }

    static NamespacedName name(String text) {
        var parts = text.split("/", 2);
        return new NamespacedName(parts[0], parts[1]);
    }

    ClusterImage image() {
        return image;
    }

    /** The routing of everything replayed so far, kept up to date step by step. */
    public RoutingTable table() {
        return table;
    }

    /** The same, computed afresh. */
    public RoutingTable freshTable() {
        return router.route(image);
    }

    private Change apply(ClusterDelta delta) {
        image = delta.apply();
        var update = router.update(table, image, delta.touchedServices());
        table = update.table();
        return new Change(delta.touchedServices(), update.changed());
    }

    /** Does the operations of a step, those on objects. */
    public Change replay(JsonNode operations) throws IOException {
        var delta = new ClusterDelta(image);
        for (var operation : operations) {
            switch (operation.path("op").asText()) {
                case "add", "update" -> set(delta, operation.path("object"));
                case "delete" ->
                    delta.replay(deleted(
                            operation.path("kind").asText(),
                            name(operation.path("name").asText())));
                default -> {}
            }
        }
        return apply(delta);
    }

    /** Adds or changes objects. */
    public Change set(Iterable<JsonNode> objects) throws IOException {
        var delta = new ClusterDelta(image);
        for (var object : objects) {
            set(delta, object);
        }
        return apply(delta);
    }

    /** The ranges of cluster IPs, as if a ServiceCIDR object named them. */
    public void setServiceCidrs(List<IpPrefix> cidrs) {
        var delta = new ClusterDelta(image);
        delta.replay(new ClusterChange.ServiceCidrSet("kubernetes", cidrs));
        apply(delta);
    }

    /** Removes an EndpointSlice. */
    Change removeSlice(JsonNode slice) {
        var delta = new ClusterDelta(image);
        delta.replay(deleted("EndpointSlice", nameOf(slice)));
        return apply(delta);
    }

    /** What has an unknown address type is ignored, as upstream does; anything else must be readable. */
    private static void set(ClusterDelta delta, JsonNode object) throws IOException {
        var problems = new ArrayList<String>();
        var decoded = new ObjectDecoder(new Origin.File("vector"), problems::add).decode(object.toString());
        switch (decoded.orElseThrow()) {
            case Decoded.Present(ClusterChange change) -> delta.replay(change);
            case Decoded.Absent _ -> delta.replay(deleted(object.path("kind").asText(), nameOf(object)));
            case Decoded.Refused _ ->
                assertThat(object.path("addressType").textValue())
                        .as("address type of what the decoder refused: %s: %s", object, problems)
                        .isEqualTo("");
        }
    }

    private static ClusterChange deleted(String kind, NamespacedName name) {
        return kind.equals("Service") ? new ClusterChange.ServiceDeleted(name) : new ClusterChange.SliceDeleted(name);
    }

    private static NamespacedName nameOf(JsonNode object) {
        var metadata = object.path("metadata");
        return new NamespacedName(
                metadata.path("namespace").asText(), metadata.path("name").asText());
    }

    /** The routing of all Services, by {@code namespace/name:port/PROTOCOL}. */
    Map<String, ServiceRouting> ports() {
        var ports = new TreeMap<String, ServiceRouting>();
        table.services().values().forEach(routings -> routings.forEach(routing -> ports.put(key(routing), routing)));
        return ports;
    }

    /**
     * All endpoints by {@code namespace/name:port/PROTOCOL}. Here endpoints are only looked at for a Service's ports, so
     * every Service that has slices gets all the ports they name.
     */
    public Map<String, List<RoutedEndpoint>> endpoints() {
        var delta = new ClusterDelta(image);
        for (var service : image.slices().keySet()) {
            var ports = new LinkedHashSet<ServicePort>();
            image.slicesOf(service)
                    .forEach(slice -> slice.ports()
                            .forEach(port -> ports.add(new ServicePort(port.name(), port.protocol(), 1, 0))));
            delta.replay(new ClusterChange.ServiceSet(service(service, List.copyOf(ports))));
        }
        var endpoints = new TreeMap<String, List<RoutedEndpoint>>();
        router.route(delta.apply())
                .services()
                .values()
                .forEach(routings -> routings.forEach(routing -> {
                    if (!routing.endpoints().all().isEmpty()) {
                        endpoints.put(key(routing), routing.endpoints().all());
                    }
                }));
        return endpoints;
    }

    private Service service(NamespacedName name, List<ServicePort> ports) {
        var clusterIp = IpAddress.parse(family == IpFamily.IPV4 ? "10.96.0.1" : "fd00:96::1");
        return new Service(name, List.of(clusterIp), ports, List.of(), List.of(), List.of(), 0, false, false, 0);
    }

    /** As upstream prints it: without the colon for an unnamed port. */
    static String key(ServiceRouting routing) {
        return routing.name() + "/" + routing.name().protocol();
    }

    /** Compares with a recorded endpoints map; a port without endpoints is as good as none. */
    static void assertEndpoints(Map<String, List<RoutedEndpoint>> actual, JsonNode expected) {
        assertThat(texts(actual)).isEqualTo(expectedTexts(expected));
    }

    private static Map<String, List<String>> texts(Map<String, List<RoutedEndpoint>> endpoints) {
        var texts = new TreeMap<String, List<String>>();
        endpoints.forEach((port, list) ->
                texts.put(canonicalKey(port), list.stream().map(Replayed::text).toList()));
        return texts;
    }

    private static Map<String, List<String>> expectedTexts(JsonNode expected) {
        var texts = new TreeMap<String, List<String>>();
        expected.properties().forEach(port -> {
            var list = VectorFiles.stream(port.getValue()).map(Replayed::text).toList();
            if (!list.isEmpty()) {
                texts.put(canonicalKey(port.getKey()), list);
            }
        });
        return texts;
    }

    private static String canonicalKey(String key) {
        return key.replace(":/", "/");
    }

    private static String text(RoutedEndpoint endpoint) {
        return endpoint.text() + " local=" + endpoint.local() + " ready=" + endpoint.ready() + " serving="
                + endpoint.endpoint().serving() + " terminating="
                + endpoint.endpoint().terminating() + " zones="
                + sorted(endpoint.endpoint().zoneHints()) + " nodes="
                + sorted(endpoint.endpoint().nodeHints());
    }

    private static String text(JsonNode endpoint) {
        return endpoint.path("endpoint").asText() + " local="
                + endpoint.path("isLocal").asBoolean() + " ready="
                + endpoint.path("ready").asBoolean() + " serving="
                + endpoint.path("serving").asBoolean() + " terminating="
                + endpoint.path("terminating").asBoolean() + " zones="
                + sorted(VectorFiles.texts(endpoint.path("zoneHints"))) + " nodes="
                + sorted(VectorFiles.texts(endpoint.path("nodeHints")));
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().sorted().toList();
    }

    /** Names of Services, as recorded. */
    public static Set<NamespacedName> names(JsonNode texts) {
        return VectorFiles.stream(texts).map(text -> name(text.asText())).collect(Collectors.toSet());
    }
}
