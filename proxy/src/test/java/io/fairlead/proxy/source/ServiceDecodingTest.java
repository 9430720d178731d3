package io.fairlead.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceDecodingTest extends DecoderFixture {

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

    @Test
    void fieldsOfTheWrongTypeAreNotedAndPassedOver() {
        var service = service("\"clusterIP\":\"10.0.0.1\",\"externalIPs\":{\"a\":[1]},\"ports\":[7,{\"port\":80},null],"
                + "\"sessionAffinityConfig\":[],\"type\":{\"x\":1}");

        assertThat(service.ports()).containsExactly(new ServicePort("", Protocol.TCP, 80, 0));
        assertThat(problems).isNotEmpty().anyMatch(line -> line.contains("spec.ports[0]: \"7\" must be an object"));
    }
}
