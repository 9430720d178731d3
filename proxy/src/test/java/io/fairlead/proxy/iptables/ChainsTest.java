package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServicePortName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainsTest {

    @ParameterizedTest
    @CsvSource({
        "ns1, svc1, p80, tcp, XPGD46QRK7WJZT7O",
        "ns2, svc2, p80, tcp, GNZBNJ2PO5MGZ6GT",
        "ns3, svc3, p80, tcp, X27LE4BHSL4DOUIK",
        "ns4, svc4, p80, tcp, 4SW47YFZTEDKD3PK",
        "ns5, svc5, p80, tcp, NUKIZ6OKUXPJNT4C",
        "ns2, svc2, p8080, tcp, 2VJB64SDSIJUP5T6",
        "ns4, svc4, p8082, tcp, EBDQOQU5SJFXRIL3",
        "ns8, svc8, '', udp, GXZ2ZTM7TCQ4EB4C",
        "ns7, svc7, sip, sctp, TO2QCNAUXBSKUDYD",
    })
    void aServicePortHasTheNameUpstreamGivesIt(
            String namespace, String name, String port, String protocol, String hash) {
        assertThat(Chains.hash(port(namespace, name, port, protocol))).isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({
        "ns1, svc1, p80, tcp, 10.180.0.1, 80, SXIVWICOYRO3J4NJ",
        "ns4, svc4, p80, tcp, 10.180.0.4, 80, UKSFD7AGPMPPLUHC",
        "ns4, svc4, p80, tcp, 10.180.0.5, 80, C6EBXVWJJZMIWKLZ",
        "ns3, svc3, p80, tcp, 10.180.0.3, 80, OYPFS5VJICHGATKP",
        "ns5, svc5, p80, tcp, 10.180.0.3, 80, I77PXRDZVX7PMWMN",
        "ns1, svc1, p80, tcp, 10.0.0.0, 80, DKGQUZGBKLTPAR56",
        "ns4, svc4, p8082, tcp, 10.4.0.1, 8082, SU5STNODRYEWJAUF",
        "ns8, svc8, '', udp, 10.180.0.8, 53, L3TUR6NZ3ZGFASL3",
        "ns1, svc1, p80, tcp, fd00:10:180::1, 80, OGYCNMB4EMRUSJ6N",
        "ns1, svc1, p80, tcp, fd00:10:180::2:1, 80, APSFVWOCYOGIDJM2",
    })
    void anEndpointHasTheNameUpstreamGivesIt(
            String namespace, String name, String port, String protocol, String address, int number, String hash) {
        var ip = IpAddress.parse(address);
        var endpoint = new Endpoint(ip, true, true, false, Optional.empty(), Set.of(), Set.of());
        assertThat(Chains.endpoint(
                        port(namespace, name, port, protocol),
                        new RoutedEndpoint(ip.withPort(number), endpoint, number, false)))
                .isEqualTo("KUBE-SEP-" + hash);
    }

    @Test
    void chainsOfServicesAreToldFromAllOthers() {
        assertThat(Chains.belongsToAService("KUBE-SVC-XPGD46QRK7WJZT7O")).isTrue();
        assertThat(Chains.belongsToAService("KUBE-FW-NUKIZ6OKUXPJNT4C")).isTrue();
        assertThat(Chains.belongsToAService("KUBE-SERVICES")).isFalse();
        assertThat(Chains.belongsToAService("KUBE-FIREWALL")).isFalse();
        assertThat(Chains.belongsToAService("DOCKER")).isFalse();
    }

    private static ServicePortName port(String namespace, String name, String port, String protocol) {
        return new ServicePortName(
                new NamespacedName(namespace, name), port, Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)));
    }
}
