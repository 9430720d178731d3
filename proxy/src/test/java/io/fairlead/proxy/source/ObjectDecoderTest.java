package io.fairlead.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectDecoderTest {

    private final List<String> problems = new ArrayList<>();
    private final ObjectDecoder decoder = new ObjectDecoder(new Origin.File("web.yaml"), problems::add);

    private Optional<Decoded> decode(String text) {
        try {
            return decoder.decode(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ClusterChange present(String text) {
        return ((Decoded.Present) decode(text).orElseThrow()).change();
    }

    private Service service(String spec) {
        return ((ClusterChange.ServiceSet)
                        present("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"},\"spec\":{"
                                + spec + "}}"))
                .service();
    }

    private EndpointSlice slice(String fields) {
        return ((ClusterChange.SliceSet) present("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"web-1","namespace":"ns",
                "labels":{"kubernetes.io/service-name":"web"},
                "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05.5+01:00"}},
                "addressType":"IPv4",%s}""".formatted(fields))).slice();
    }

    private static List<IpAddress> ips(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }

    @Test
    void readsEverythingAServiceSaysAboutPackets() {
        var change = present("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop, managedFields: [{fieldsV1: {"f:spec": {}}}]}
                spec:
                  type: LoadBalancer
                  clusterIP: 172.30.0.041
                  clusterIPs: [172.30.0.041, "fd00::41"]
                  ipFamilies: [IPv4, IPv6]
                  selector: {app: web}
                  externalIPs: [192.168.099.022, 192.168.099.022, "fd00::1"]
                  loadBalancerSourceRanges: [" 203.0.113.000/025 ", 0.0.0.0/0]
                  sessionAffinity: ClientIP
                  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
                  externalTrafficPolicy: Local
                  internalTrafficPolicy: Local
                  healthCheckNodePort: 32000
                  ports:
                  - {name: http, port: 80, targetPort: 8080, nodePort: 30080, protocol: TCP}
                  - {name: dns, port: 53, protocol: UDP}
                status:
                  loadBalancer:
                    ingress: [{ip: 1.2.3.004}, {ip: 5.6.7.8, ipMode: Proxy}, {hostname: lb}, {ip: "fd00::9", ipMode: VIP}]
                """);

        assertThat(change)
                .isEqualTo(new ClusterChange.ServiceSet(new Service(
                        new NamespacedName("shop", "web"),
                        ips("172.30.0.41", "fd00::41"),
                        List.of(
                                new ServicePort("http", Protocol.TCP, 80, 30080),
                                new ServicePort("dns", Protocol.UDP, 53, 0)),
                        ips("192.168.99.22", "192.168.99.22", "fd00::1"),
                        ips("1.2.3.4", "fd00::9"),
                        List.of(IpPrefix.parse("203.0.113.0/25"), IpPrefix.parse("0.0.0.0/0")),
                        60,
                        true,
                        true,
                        32000)));
        assertThat(problems).isEmpty();
    }

    @Test
    void readsEverythingASliceSays() {
        var slice = slice("""
                "ports":[{"name":"http","port":8080,"protocol":"TCP"},{"name":"","port":53,"protocol":"UDP"}],
                "endpoints":[
                 {"addresses":["10.180.00.001","10.0.0.2"],"conditions":{"ready":false,"serving":true,"terminating":true},
                  "nodeName":"n1","hints":{"forZones":[{"name":"a"},{"name":"b"}],"forNodes":[{"name":"n1"}]}},
                 {"addresses":["10.0.0.3"],"conditions":{"ready":null}}]""");

        assertThat(slice.name()).isEqualTo(new NamespacedName("ns", "web-1"));
        assertThat(slice.service()).isEqualTo(new NamespacedName("ns", "web"));
        assertThat(slice.family()).isEqualTo(IpFamily.IPV4);
        assertThat(slice.ports())
                .containsExactly(new EndpointPort("http", Protocol.TCP, 8080), new EndpointPort("", Protocol.UDP, 53));
        assertThat(slice.lastChangeTriggerTime()).contains(Instant.parse("2026-01-02T02:04:05.5Z"));
        var terminating = slice.endpoints().getFirst();
        assertThat(terminating.address()).isEqualTo(IpAddress.parse("10.180.0.1"));
        assertThat(terminating.ready()).isFalse();
        assertThat(terminating.serving()).isTrue();
        assertThat(terminating.terminating()).isTrue();
        assertThat(terminating.nodeName()).contains("n1");
        assertThat(terminating.zoneHints()).isEqualTo(Set.of("a", "b"));
        assertThat(terminating.nodeHints()).isEqualTo(Set.of("n1"));
        var plain = slice.endpoints().getLast();
        assertThat(plain.ready()).isTrue();
        assertThat(plain.serving()).isTrue();
        assertThat(plain.terminating()).isFalse();
        assertThat(plain.nodeName()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void nodeAddressesAreInternalFirstAndOthersIgnored() {
        assertThat(present("""
                {"kind":"Node","metadata":{"name":"n1","labels":{"topology.kubernetes.io/zone":"z"}},
                "spec":{"podCIDR":"10.244.0.0/24","podCIDRs":["10.244.0.0/24","fd00::/64"]},
                "status":{"addresses":[{"type":"ExternalIP","address":"1.1.1.1"},{"type":"InternalIP","address":"10.0.0.1"},
                {"type":"Hostname","address":"n1"},{"address":"fd00::1","type":"InternalIP"}]}}"""))
                .isEqualTo(new ClusterChange.NodeSet(new Node(
                        "n1",
                        ips("10.0.0.1", "fd00::1", "1.1.1.1"),
                        List.of(IpPrefix.parse("10.244.0.0/24"), IpPrefix.parse("fd00::/64")),
                        Optional.of("z"))));
    }

    @Test
    void kindMayComeLast() {
        var change = present("""
                {"spec":{"clusterIP":"10.0.0.1","ports":[{"port":80}],"type":"ClusterIP"},
                 "metadata":{"name":"web"},"kind":"Service","apiVersion":"v1"}""");

        assertThat(change).isInstanceOf(ClusterChange.ServiceSet.class);
    }

    @Test
    void servicesOfOtherApisAreOtherKinds() {
        assertThat(
                        decode(
                                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"x y\"}}"))
                .isEmpty();
        assertThat(decode("kind: Deployment\nspec: {ports: 7, clusterIP: {}}\n"))
                .isEmpty();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"clusterIP\":\"\"",
                "\"clusterIP\":\"None\"",
                "\"clusterIP\":\"10.0.0.1\",\"type\":\"ExternalName\"",
                "\"clusterIP\":null"
            })
    void headlessAndExternalNameServicesHaveNoClusterIps(String spec) {
        assertThat(service(spec).clusterIps()).isEmpty();
    }

    @Test
    void clusterIpsFollowTheFamiliesAndWithoutFamiliesTheSingleField() {
        assertThat(service("\"clusterIP\":\"10.0.0.1\",\"clusterIPs\":[\"10.0.0.1\",\"fd00::1\"]")
                        .clusterIps())
                .isEqualTo(ips("10.0.0.1"));
        assertThat(service("\"clusterIP\":\"fd00::1\",\"clusterIPs\":[\"fd00::1\",\"10.0.0.1\"],"
                                + "\"ipFamilies\":[\"IPv6\",\"IPv4\"]")
                        .clusterIps())
                .isEqualTo(ips("fd00::1", "10.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "LoadBalancer, '', true",
        "NodePort, '', true",
        "ClusterIP, '', false",
        "ClusterIP, 1.2.3.4, true",
        "ExternalName, 1.2.3.4, false"
    })
    void externalPolicyLocalIsInForceByType(String type, String externalIp, boolean inForce) {
        var ips = externalIp.isEmpty() ? "" : "\"" + externalIp + "\"";
        assertThat(service("\"clusterIP\":\"10.0.0.1\",\"externalTrafficPolicy\":\"Local\",\"type\":\"" + type
                                + "\",\"externalIPs\":[" + ips + "],\"healthCheckNodePort\":31000")
                        .externalPolicyLocal())
                .isEqualTo(inForce);
    }

    @Test
    void healthCheckPortCountsOnlyForLoadBalancersWithLocalPolicy() {
        assertThat(service("\"type\":\"NodePort\",\"externalTrafficPolicy\":\"Local\",\"healthCheckNodePort\":31000")
                        .healthCheckNodePort())
                .isZero();
        assertThat(service("\"type\":\"LoadBalancer\",\"externalTrafficPolicy\":\"Local\"")
                        .healthCheckNodePort())
                .isZero();
        assertThat(problems).singleElement().asString().contains("spec.healthCheckNodePort");
    }

    @Test
    void affinityDefaultsToThreeHours() {
        assertThat(service("\"sessionAffinity\":\"ClientIP\"").affinitySeconds())
                .isEqualTo(10_800);
        assertThat(service(
                                "\"sessionAffinity\":\"None\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":5}}")
                        .affinitySeconds())
                .isZero();
    }

    @Test
    void whatBelongsToOthersIsAbsent() {
        assertThat(decode("""
                {"kind":"Service","metadata":{"name":"web","labels":{"service.kubernetes.io/service-proxy-name":""}}}""")).contains(new Decoded.Absent(ObjectKey.service(new NamespacedName("default", "web"))));
        assertThat(decode("""
                {"kind":"EndpointSlice","metadata":{"name":"s","labels":{"kubernetes.io/service-name":"web",
                "service.kubernetes.io/headless":""}},"addressType":"IPv4"}""")).containsInstanceOf(Decoded.Absent.class);
        assertThat(decode("{\"kind\":\"EndpointSlice\",\"metadata\":{\"name\":\"s\"},\"addressType\":\"IPv4\"}"))
                .containsInstanceOf(Decoded.Absent.class);
        assertThat(problems).isEmpty();
    }

    @Test
    void slicesOfNamesAreIgnoredWithALine() {
        assertThat(decode("""
                {"kind":"EndpointSlice","metadata":{"name":"s","labels":{"kubernetes.io/service-name":"web"}},
                "addressType":"FQDN","endpoints":[]}""")).containsInstanceOf(Decoded.Absent.class);
        assertThat(problems).singleElement().asString().contains("EndpointSlice default/s", "FQDN");
    }

    @Test
    void aBadPortCostsThatPortAndIsNamedWithLineAndPath() {
        var change = present("""
                kind: Service
                metadata: {name: web}
                spec:
                  clusterIP: 10.0.0.1
                  ports:
                  - {name: a, port: 80}
                  - {name: b, port: 70000}
                  - {name: "c -j ACCEPT", port: 81}
                  - {name: d, port: 82, protocol: ICMP}
                  - {name: e, port: "83"}
                  - {name: a, port: 84}
                  - {name: f, port: 85, nodePort: -1}
                """);

        assertThat(((ClusterChange.ServiceSet) change).service().ports())
                .containsExactly(new ServicePort("a", Protocol.TCP, 80, 0), new ServicePort("f", Protocol.TCP, 85, 0));
        assertThat(problems).hasSize(7);
        assertThat(problems.getFirst())
                .isEqualTo("web.yaml:7: Service default/web: spec.ports[1].port: \"70000\" is not a port (1–65535);"
                        + " this port is left out");
        assertThat(problems.get(1)).contains("spec.ports[2].name: \"c -j ACCEPT\"");
        assertThat(problems).allMatch(line -> line.lines().count() == 1);
    }

    @Test
    void aBadAddressInAListCostsThatEntry() {
        var service = service("\"clusterIP\":\"10.0.0.1\",\"externalIPs\":[\"1.2.3.4\",\"1.2.3\",\"\"],"
                + "\"loadBalancerSourceRanges\":[\"10.0.0.0/33\",\"10.0.0.0/8\"]");

        assertThat(service.externalIps()).isEqualTo(ips("1.2.3.4"));
        assertThat(service.sourceRanges()).containsExactly(IpPrefix.parse("10.0.0.0/8"));
        assertThat(problems).hasSize(2);
        assertThat(problems.getFirst()).contains("spec.externalIPs[1]: \"1.2.3\"");
    }

    @Test
    void aBadClusterIpCostsTheService() {
        assertThat(decode("{\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"clusterIP\":\"10.0.0\"}}"))
                .contains(new Decoded.Refused(Optional.of(ObjectKey.service(new NamespacedName("default", "web")))));
        assertThat(problems).singleElement().asString().contains("spec.clusterIP: \"10.0.0\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\\\"", "a\\n-A KUBE-SERVICES", "-j", "", "a.b", "ä", "\\u0000", "a/b", "a_b"})
    void aNameThatIsNoDnsLabelCostsTheObject(String name) {
        assertThat(decode("{\"kind\":\"Service\",\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{}}"))
                .contains(new Decoded.Refused(Optional.empty()));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("metadata.name")
                .doesNotContain("\n");
    }

    @Test
    void aNameOf300CharactersIsShownShortened() {
        assertThat(decode("{\"kind\":\"Service\",\"metadata\":{\"name\":\"" + "x".repeat(300) + "\"},\"spec\":{}}"))
                .contains(new Decoded.Refused(Optional.empty()));
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("(300 characters)")
                .hasSizeLessThan(350);
    }

    @Test
    void fieldsOfTheWrongTypeAreNotedAndPassedOver() {
        var service = service("\"clusterIP\":\"10.0.0.1\",\"externalIPs\":{\"a\":[1]},\"ports\":[7,{\"port\":80},null],"
                + "\"sessionAffinityConfig\":[],\"type\":{\"x\":1}");

        assertThat(service.ports()).containsExactly(new ServicePort("", Protocol.TCP, 80, 0));
        assertThat(problems).isNotEmpty().anyMatch(line -> line.contains("spec.ports[0]: \"7\" must be an object"));
    }

    @Test
    void yamlAliasesAndMergeKeysAreReportedNotFollowed() {
        present("""
                kind: Service
                metadata: &m {name: web}
                spec: {clusterIP: &ip 10.0.0.1, externalIPs: [*ip], <<: *m}
                """);

        assertThat(problems).hasSize(2);
        assertThat(problems.getFirst()).contains("spec.externalIPs[0]: \"*ip\" is a YAML alias");
    }

    @Test
    void portsOfASliceWithoutNameOrNumberAreSkipped() {
        var slice = slice(
                "\"ports\":[{\"port\":1},{\"name\":null,\"port\":2},{\"name\":\"a\"},{\"name\":\"b\",\"port\":3}]");

        assertThat(slice.ports()).containsExactly(new EndpointPort("b", Protocol.TCP, 3));
        assertThat(problems).hasSize(3);
    }

    @Test
    void badEndpointsCostThemselvesOnly() {
        var slice = slice("\"endpoints\":[{\"addresses\":[]},{\"addresses\":[\"x\"]},{\"addresses\":[\"fd00::1\"]},"
                + "{\"addresses\":[\"10.0.0.1\"]},{}]");

        assertThat(slice.endpoints()).hasSize(1);
        assertThat(problems).hasSize(4);
    }

    @Test
    void aThousandPortsAndTenThousandEndpointsJustWork() {
        var ports = IntStream.rangeClosed(1, 1000)
                .mapToObj(i -> "{\"name\":\"p" + i + "\",\"port\":" + i + "}")
                .collect(Collectors.joining(","));
        var endpoints = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"addresses\":[\"10.0." + i / 250 + "." + i % 250 + "\"]}")
                .collect(Collectors.joining(","));

        assertThat(service("\"clusterIP\":\"10.0.0.1\",\"ports\":[" + ports + "]")
                        .ports())
                .hasSize(1000);
        assertThat(slice("\"endpoints\":[" + endpoints + "]").endpoints()).hasSize(10_000);
        assertThat(problems).isEmpty();
    }

    @Test
    void tenThousandBadEndpointsMakeFewLines() {
        var endpoints = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"addresses\":[\"bad\"]}")
                .collect(Collectors.joining(","));

        assertThat(slice("\"endpoints\":[" + endpoints + "]").endpoints()).isEmpty();
        assertThat(problems).hasSize(11).last().asString().contains("9990 more");
    }
}
