package io.fairlead.lab.controlplane.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceRulesTest {

    private final ObjectStore store = store("10.96.0.0/12", "fd00:96::/112");

    private static ObjectStore store(String... cidrs) {
        var ranges = List.of(cidrs).stream().map(AddressRange::parse).toList();
        var hint = Map.of(new NamespacedName("default", "hinted"), List.of(IpAddress.parse("10.98.69.149")));
        var rules = new ClusterRules(
                new ClusterIps(ranges, hint, new Random(1)), new NodePorts(30_000, 32_767, new Random(1)));
        return ObjectStore.create(ResourceTypes.standard(), 1000, InstantSource.system(), rules);
    }

    private static ObjectNode service(String name, String spec) {
        try {
            return (ObjectNode) new ObjectMapper(new YAMLFactory())
                    .readTree("{apiVersion: v1, kind: Service, metadata: {name: " + name + "}, spec: " + spec + "}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode create(String name, String spec) {
        return store.create(service(name, spec)).toJson();
    }

    private static NamespacedName named(String name) {
        return new NamespacedName("default", name);
    }

    @Test
    void whatIsNotSaidGetsItsDefault() {
        var spec = create("web", "{ports: [{port: 80}], sessionAffinity: ClientIP}")
                .path("spec");
        assertThat(spec.path("type").asText()).isEqualTo("ClusterIP");
        assertThat(spec.path("internalTrafficPolicy").asText()).isEqualTo("Cluster");
        assertThat(spec.path("ipFamilyPolicy").asText()).isEqualTo("SingleStack");
        assertThat(spec.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
        assertThat(spec.at("/sessionAffinityConfig/clientIP/timeoutSeconds").asInt())
                .isEqualTo(10_800);
        assertThat(spec.at("/ports/0").toString()).isEqualTo("{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":80}");
        assertThat(spec.path("clusterIPs").get(0)).isEqualTo(spec.path("clusterIP"));
    }

    @Test
    void eachServiceGetsItsOwnAddressFromTheUpperPartOfTheRange() {
        var seen = new HashSet<String>();
        var small = store("10.96.0.0/24");
        for (int i = 0; i < 238; i++) {
            var ip = small.create(service("web-" + i, "{ports: [{port: 80}]}"))
                    .toJson()
                    .at("/spec/clusterIP")
                    .asText();
            assertThat(seen.add(ip)).isTrue();
            assertThat(Integer.parseInt(ip.substring(ip.lastIndexOf('.') + 1))).isBetween(17, 254);
        }
        assertThat(small.create(service("more", "{ports: [{port: 80}]}"))
                        .toJson()
                        .at("/spec/clusterIP")
                        .asText())
                .matches("10\\.96\\.0\\.([1-9]|1[0-6])");
    }

    @Test
    void aDeletedServiceGivesBackAddressAndPort() {
        create("one", "{type: NodePort, clusterIP: 10.96.0.10, ports: [{port: 80, nodePort: 30080}]}");
        store.delete(ResourceTypes.SERVICES, named("one"));
        var two = create("two", "{type: NodePort, clusterIP: 10.96.0.10, ports: [{port: 80, nodePort: 30080}]}");
        assertThat(two.at("/spec/clusterIP").asText()).isEqualTo("10.96.0.10");
    }

    @Test
    void aHintIsUsedIfItIsFree() {
        assertThat(create("hinted", "{ports: [{port: 80}]}")
                        .at("/spec/clusterIP")
                        .asText())
                .isEqualTo("10.98.69.149");
        store.delete(ResourceTypes.SERVICES, named("hinted"));
        create("taker", "{clusterIP: 10.98.69.149, ports: [{port: 80}]}");
        assertThat(create("hinted", "{ports: [{port: 80}]}")
                        .at("/spec/clusterIP")
                        .asText())
                .isNotEqualTo("10.98.69.149");
    }

    @Test
    void dualStackGivesOneAddressOfEachFamilyAndCanBeTakenBack() {
        var spec = create("web", "{ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]}")
                .path("spec");
        assertThat(spec.path("ipFamilies").toString()).isEqualTo("[\"IPv4\",\"IPv6\"]");
        assertThat(spec.at("/clusterIPs/1").asText()).startsWith("fd00:96::");

        var single = store.edit(ResourceTypes.SERVICES, named("web"), service -> {
            service.withObjectProperty("spec").put("ipFamilyPolicy", "SingleStack");
            return service;
        });
        assertThat(single.toJson().at("/spec/clusterIPs").size()).isEqualTo(1);
        assertThat(single.toJson().at("/spec/ipFamilies").size()).isEqualTo(1);
    }

    @Test
    void ipv6OnlyIsPossible() {
        var spec = create("web", "{ipFamilies: [IPv6], ports: [{port: 80}]}").path("spec");
        assertThat(spec.path("clusterIP").asText()).startsWith("fd00:96::");
    }

    @Test
    void portsThatDifferOnlyInProtocolShareANodePort() {
        var ports = create("dns", "{type: NodePort, ports: [{name: u, port: 53, protocol: UDP}, {name: t, port: 53}]}")
                .at("/spec/ports");
        assertThat(ports.get(0).path("nodePort")).isEqualTo(ports.get(1).path("nodePort"));
        assertThat(ports.get(0).path("nodePort").asInt()).isBetween(30_086, 32_767);
    }

    @Test
    void aLocalLoadBalancerHasAHealthCheckPortOfItsOwn() {
        var spec = create("lb", "{type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]}")
                .path("spec");
        assertThat(spec.path("healthCheckNodePort").asInt()).isBetween(30_000, 32_767);
        assertThat(spec.path("allocateLoadBalancerNodePorts").asBoolean()).isTrue();

        var changed = store.edit(ResourceTypes.SERVICES, named("lb"), service -> {
            service.withObjectProperty("spec").put("type", "ClusterIP");
            return service;
        });
        var after = changed.toJson().path("spec");
        assertThat(after.has("healthCheckNodePort")).isFalse();
        assertThat(after.has("externalTrafficPolicy")).isFalse();
        assertThat(after.has("allocateLoadBalancerNodePorts")).isFalse();
        assertThat(after.at("/ports/0").has("nodePort")).isFalse();
    }

    @Test
    void aReplacementThatLeavesOutWhatWasAllocatedKeepsIt() {
        var before = create("web", "{type: NodePort, ports: [{port: 80}]}");
        var after = store.put(service("web", "{type: NodePort, ports: [{port: 80, targetPort: 8080}]}"))
                .toJson();
        assertThat(after.at("/spec/clusterIP")).isEqualTo(before.at("/spec/clusterIP"));
        assertThat(after.at("/spec/ports/0/nodePort")).isEqualTo(before.at("/spec/ports/0/nodePort"));
    }

    @Test
    void aHeadlessServiceNeedsNoPortsAndHasNoAddress() {
        var spec = create("web", "{clusterIP: None, selector: {app: web}}").path("spec");
        assertThat(spec.path("clusterIPs").toString()).isEqualTo("[\"None\"]");
    }

    @Test
    void anExternalNameHasNothingAllocated() {
        var spec =
                create("ext", "{type: ExternalName, externalName: example.org}").path("spec");
        assertThat(spec.has("clusterIP")).isFalse();
        assertThat(spec.has("internalTrafficPolicy")).isFalse();
    }

    @Test
    void aClusterIpCannotBeChanged() {
        create("web", "{clusterIP: 10.96.0.20, ports: [{port: 80}]}");
        assertThatThrownBy(() -> store.edit(ResourceTypes.SERVICES, named("web"), service -> {
                    service.withObjectProperty("spec").put("clusterIP", "10.96.0.21");
                    return service;
                }))
                .isInstanceOf(ApiException.class)
                .hasMessage("Service \"web\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.0.21\"]: may not"
                        + " change once set");
    }

    @Test
    void aSingleStackClusterRefusesWhatItCannotGive() {
        var single = store("10.96.0.0/12");
        assertThatThrownBy(
                        () -> single.create(service("web", "{ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]}")))
                .hasMessage("Service \"web\" is invalid: spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\":"
                        + " Cluster is not configured for dual-stack services");
        assertThatThrownBy(() -> single.create(service("web", "{ipFamilies: [IPv6], ports: [{port: 80}]}")))
                .hasMessage("Service \"web\" is invalid: spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on"
                        + " this cluster");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{selector: {a: b}}|spec.ports: Required value",
                "{ports: [{port: 0}]}|[spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]",
                "{ports: [{port: 80}, {port: 81}]}|[spec.ports[0].name: Required value, spec.ports[1].name: Required value]",
                "{ports: [{name: a, port: 80}, {name: a, port: 81}]}|spec.ports[1].name: Duplicate value: \"a\"",
                "{ports: [{port: 80, protocol: ICMP}]}|spec.ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
                "{ports: [{port: 80, nodePort: 30080}]}|spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
                "{type: NodePort, ports: [{port: 80, nodePort: 30090}]}|spec.ports[0].nodePort: Invalid value: 30090: provided port is already allocated",
                "{type: NodePort, ports: [{port: 80, nodePort: 80}]}|spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767",
                "{clusterIP: 192.168.1.1, ports: [{port: 80}]}|spec.clusterIPs: Invalid value: [\"192.168.1.1\"]: failed to allocate IP 192.168.1.1: the provided IP (192.168.1.1) is not in the valid range. The range of valid IPs is 10.96.0.0/12",
                "{clusterIP: 10.96.0.0, ports: [{port: 80}]}|spec.clusterIPs: Invalid value: [\"10.96.0.0\"]: failed to allocate IP 10.96.0.0: the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is 10.96.0.0/12",
                "{clusterIP: 10.96.0.30, ports: [{port: 80}]}|spec.clusterIPs: Invalid value: [\"10.96.0.30\"]: failed to allocate IP 10.96.0.30: provided IP is already allocated",
                "{clusterIP: 10.96.0.300, ports: [{port: 80}]}|spec.clusterIPs[0]: Invalid value: \"10.96.0.300\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
                "{type: Cluster, ports: [{port: 80}]}|spec.type: Unsupported value: \"Cluster\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"",
                "{type: NodePort, clusterIP: None, ports: [{port: 80}]}|spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services",
                "{type: ExternalName}|spec.externalName: Required value",
                "{externalTrafficPolicy: Local, ports: [{port: 80}]}|spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services",
                "{loadBalancerSourceRanges: [10.0.0.0/8], ports: [{port: 80}]}|spec.loadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
                "{sessionAffinity: Cookie, ports: [{port: 80}]}|spec.sessionAffinity: Unsupported value: \"Cookie\": supported values: \"ClientIP\", \"None\"",
                "{externalIPs: [127.0.0.1], ports: [{port: 80}]}|spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
                "{trafficDistribution: Near, ports: [{port: 80}]}|spec.trafficDistribution: Unsupported value: \"Near\": supported values: \"PreferClose\", \"PreferSameNode\", \"PreferSameZone\"",
            })
    void aWrongServiceIsRefusedInTheApisOwnWords(String spec, String error) {
        create("other", "{type: NodePort, clusterIP: 10.96.0.30, ports: [{port: 80, nodePort: 30090}]}");
        assertThatThrownBy(() -> create("web", spec))
                .isInstanceOf(ApiException.class)
                .hasMessage("Service \"web\" is invalid: " + error);
        assertThat(store.get(ResourceTypes.SERVICES, named("web"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Upper", "9web", "web.example", "web_1", "-web"})
    void aServicesNameIsADnsLabel(String name) {
        assertThatThrownBy(() -> create(name, "{ports: [{port: 80}]}"))
                .hasMessageContaining(
                        "metadata.name: Invalid value: \"" + name + "\": a DNS-1035 label must consist of");
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> create("a".repeat(64), "{ports: [{port: 80}]}"))
                .hasMessageEndingWith("must be no more than 63 bytes");
    }
}
