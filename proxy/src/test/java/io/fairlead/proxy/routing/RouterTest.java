package io.fairlead.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final ServicePort HTTP = new ServicePort("http", Protocol.TCP, 80, 30080);
    private static final Service DUAL = new Service(
            WEB,
            addresses("10.96.0.1", "fd00:96::1"),
            List.of(HTTP, new ServicePort("", Protocol.UDP, 53, 0)),
            addresses("192.0.2.1", "fd00:e::1", "192.0.2.1"),
            addresses("198.51.100.1"),
            prefixes("203.0.113.0/24", "fd00:c::/64", "::/0"),
            0,
            true,
            false,
            0);

    private final Router router = new Router(IpFamily.IPV4, "node-1", true);

    @Test
    void eachFamilySeesItsOwnAddressesInOrderWithDuplicates() {
        var port = only(router.route(image(service(DUAL)), WEB).stream(), "http");
        assertThat(port.clusterIp()).hasToString("10.96.0.1");
        assertThat(port.externalIps()).hasToString("[192.0.2.1, 192.0.2.1]");
        assertThat(port.loadBalancerVips()).hasToString("[198.51.100.1]");
        var v6 = new Router(IpFamily.IPV6, "node-1", true);
        var port6 = only(v6.route(image(service(DUAL)), WEB).stream(), "http");
        assertThat(port6.clusterIp()).hasToString("fd00:96::1");
        assertThat(port6.loadBalancerVips()).isEmpty();
    }

    @Test
    void sourceRangesCountPerFamilyAndOneOfLengthZeroOpensAll() {
        assertThat(only(router.route(image(service(DUAL)), WEB).stream(), "http")
                        .sourceRanges())
                .hasToString("[203.0.113.0/24]");
        var v6 = new Router(IpFamily.IPV6, "node-1", true);
        assertThat(only(v6.route(image(service(DUAL)), WEB).stream(), "http").sourceRanges())
                .isEmpty();
    }

    @Test
    void aServiceWithoutAClusterIpOfTheFamilyHasNoRouting() {
        var headless = new Service(WEB, List.of(), List.of(HTTP), List.of(), List.of(), List.of(), 0, false, false, 0);
        assertThat(router.route(image(service(headless)), WEB)).isEmpty();
        assertThat(router.route(ClusterImage.EMPTY, WEB)).isEmpty();
    }

    @Test
    void forbiddenExternalIpsGetNoRulesButStillMakeItAccessible() {
        var strict = new Router(IpFamily.IPV4, "node-1", false);
        var port = only(strict.route(image(service(DUAL)), WEB).stream(), "");
        assertThat(port.externalIps()).isEmpty();
        assertThat(port.externallyAccessible()).isTrue();
    }

    @Test
    void endpointsAreSortedByTheirTextByteByByte() {
        var slice = slice("web-1", port("http", 80), ready("10.0.0.9"), ready("10.0.0.10"), ready("10.0.0.2"));
        assertThat(texts(image(service(DUAL), slice))).containsExactly("10.0.0.10:80", "10.0.0.2:80", "10.0.0.9:80");
    }

    @Test
    void endpointsMatchThePortsNameAndProtocol() {
        var udp = new EndpointPort("", Protocol.UDP, 5353);
        var named = new EndpointPort("http", Protocol.UDP, 80);
        var image =
                image(service(DUAL), slice("web-1", udp, ready("10.0.0.1")), slice("web-2", named, ready("10.0.0.2")));
        assertThat(texts(image)).isEmpty();
        assertThat(only(router.route(image, WEB).stream(), "").endpoints().all())
                .extracting(RoutedEndpoint::text)
                .containsExactly("10.0.0.1:5353");
    }

    @Test
    void ofDuplicatesTheLaterSliceWinsUnlessItsEndpointIsTerminating() {
        var running = endpoint("10.0.0.1", true, false, "node-1");
        var leaving = endpoint("10.0.0.1", false, true, "node-2");
        var later = image(
                service(DUAL), slice("web-1", port("http", 80), leaving), slice("web-2", port("http", 80), running));
        assertThat(endpoints(later))
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.local()).isTrue());
        var earlier = image(
                service(DUAL), slice("web-1", port("http", 80), running), slice("web-2", port("http", 80), leaving));
        assertThat(endpoints(earlier))
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.ready()).isTrue());
        var moved = endpoint("10.0.0.1", true, false, "node-2");
        var replaced = image(
                service(DUAL), slice("web-1", port("http", 80), running), slice("web-2", port("http", 80), moved));
        assertThat(endpoints(replaced))
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.local()).isFalse());
    }

    @Test
    void anUnnamedNodeHasNoLocalEndpoints() {
        var nameless = new Router(IpFamily.IPV4, "", true);
        var image = image(service(DUAL), slice("web-1", port("http", 80), endpoint("10.0.0.1", true, false, "")));
        assertThat(only(nameless.route(image, WEB).stream(), "http").endpoints().local())
                .isEmpty();
    }

    @Test
    void anUpdateNamesTheServicesWhoseRoutingIsAnother() {
        var before = image(service(DUAL), slice("web-1", port("http", 80), ready("10.0.0.1")));
        var table = router.route(before);
        assertThat(table.endpoints()).isEqualTo(1);
        var other = new Router(IpFamily.IPV4, "node-1", true);
        assertThat(other.update(table, before, Set.of(WEB)).changed()).isEmpty();
        var delta = new ClusterDelta(before);
        delta.replay(new ClusterChange.ServiceDeleted(WEB));
        var gone = router.update(table, delta.apply(), delta.touchedServices());
        assertThat(gone.changed()).containsExactly(WEB);
        assertThat(gone.table().services()).isEmpty();
        assertThat(gone.table().endpoints()).isZero();
    }

    @Test
    void anotherZoneOfThisNodeReroutesWhatHasHints() {
        var near = new Endpoint(
                IpAddress.parse("10.0.0.1"), true, true, false, Optional.empty(), Set.of("zone-a"), Set.of());
        var far = new Endpoint(
                IpAddress.parse("10.0.0.2"), true, true, false, Optional.empty(), Set.of("zone-b"), Set.of());
        var image = image(service(DUAL), slice("web-1", port("http", 80), near, far), node("zone-a"));
        assertThat(selection(image).cluster()).extracting(RoutedEndpoint::text).containsExactly("10.0.0.1:80");
        var delta = new ClusterDelta(image);
        delta.replay(node("zone-b"));
        var update = router.update(router.route(image), delta.apply(), delta.touchedServices());
        assertThat(update.changed()).containsExactly(WEB);
        assertThat(selection(delta.apply()).cluster())
                .extracting(RoutedEndpoint::text)
                .containsExactly("10.0.0.2:80");
    }

    private EndpointSelection selection(ClusterImage image) {
        return only(router.route(image, WEB).stream(), "http").endpoints();
    }

    private List<RoutedEndpoint> endpoints(ClusterImage image) {
        return selection(image).all();
    }

    private List<String> texts(ClusterImage image) {
        return endpoints(image).stream().map(RoutedEndpoint::text).toList();
    }

    private static ServiceRouting only(Stream<ServiceRouting> ports, String name) {
        return ports.filter(port -> port.name().port().equals(name)).findFirst().orElseThrow();
    }

    private static ClusterImage image(ClusterChange... changes) {
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        for (var change : changes) {
            delta.replay(change);
        }
        return delta.apply();
    }

    private static ClusterChange service(Service service) {
        return new ClusterChange.ServiceSet(service);
    }

    private static ClusterChange node(String zone) {
        return new ClusterChange.NodeSet(new Node("node-1", List.of(), List.of(), Optional.of(zone)));
    }

    private static ClusterChange slice(String name, EndpointPort port, Endpoint... endpoints) {
        return new ClusterChange.SliceSet(new EndpointSlice(
                new NamespacedName("default", name),
                WEB,
                IpFamily.IPV4,
                List.of(port),
                List.of(endpoints),
                Optional.empty()));
    }

    private static EndpointPort port(String name, int port) {
        return new EndpointPort(name, Protocol.TCP, port);
    }

    private static Endpoint ready(String address) {
        return endpoint(address, true, false, "node-2");
    }

    private static Endpoint endpoint(String address, boolean ready, boolean terminating, String node) {
        return new Endpoint(IpAddress.parse(address), ready, true, terminating, Optional.of(node), Set.of(), Set.of());
    }

    private static List<IpAddress> addresses(String... texts) {
        return Stream.of(texts).map(IpAddress::parse).toList();
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return Stream.of(texts).map(IpPrefix::parse).toList();
    }
}
