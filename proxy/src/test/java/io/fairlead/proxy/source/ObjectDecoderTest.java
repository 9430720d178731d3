package io.fairlead.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectDecoderTest extends DecoderFixture {

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

    /** So a label, another region, a heartbeat is no change of the Node. */
    @Test
    void ofANodesLabelsOnlyTheZoneCounts() {
        var node = """
                {"kind":"Node","metadata":{"name":"n1","resourceVersion":"%d","labels":{"topology.kubernetes.io/zone":"%s",
                "topology.kubernetes.io/region":"%s","a":"%s"}},"status":{"conditions":[{"lastHeartbeatTime":"%s"}]}}""";

        assertThat(present(node.formatted(1, "z", "r", "b", "now")))
                .isEqualTo(present(node.formatted(2, "z", "other", "c", "later")))
                .isNotEqualTo(present(node.formatted(3, "other", "r", "b", "now")));
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
}
