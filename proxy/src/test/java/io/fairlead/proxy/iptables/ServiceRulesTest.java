package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.source.Decoded;
import io.fairlead.proxy.source.ObjectDecoder;
import io.fairlead.proxy.source.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of one Service of each kind, as iptables-save lists them. */
class ServiceRulesTest {

    private static final String CLUSTER_IP = """
            kind: Service
            metadata: {namespace: ns1, name: svc1}
            spec:
              clusterIP: 172.30.0.41
              ports: [{name: p80, protocol: TCP, port: 80}]
            """;
    private static final String ENDPOINTS = """
            kind: EndpointSlice
            metadata: {namespace: %1$s, name: %2$s-1, labels: {kubernetes.io/service-name: %2$s}}
            addressType: IPv4
            ports: [{name: %3$s, protocol: %4$s, port: %5$d}]
            endpoints: %6$s
            """;

    @Test
    void clusterIp() throws IOException {
        assertThat(lines(CLUSTER_IP, slice("ns1", "svc1", "[{addresses: [10.180.0.1]}]")))
                .containsExactly(
                        "-A KUBE-SERVICES -d 172.30.0.41/32 -p tcp -m comment --comment \"ns1/svc1:p80 cluster IP\""
                                + " -m tcp --dport 80 -j KUBE-SVC-XPGD46QRK7WJZT7O",
                        "-A KUBE-SVC-XPGD46QRK7WJZT7O ! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp -m comment --comment"
                                + " \"ns1/svc1:p80 cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ",
                        "-A KUBE-SVC-XPGD46QRK7WJZT7O -m comment --comment \"ns1/svc1:p80 -> 10.180.0.1:80\""
                                + " -j KUBE-SEP-SXIVWICOYRO3J4NJ",
                        "-A KUBE-SEP-SXIVWICOYRO3J4NJ -s 10.180.0.1/32 -m comment --comment \"ns1/svc1:p80\""
                                + " -j KUBE-MARK-MASQ",
                        "-A KUBE-SEP-SXIVWICOYRO3J4NJ -p tcp -m comment --comment \"ns1/svc1:p80\" -m tcp -j DNAT"
                                + " --to-destination 10.180.0.1:80");
    }

    @Test
    void noEndpointsRefuseAtOnce() throws IOException {
        assertThat(lines("""
                        kind: Service
                        metadata: {namespace: ns6, name: svc6}
                        spec:
                          type: LoadBalancer
                          clusterIP: 172.30.0.46
                          ports: [{name: p80, protocol: TCP, port: 80, nodePort: 3006}]
                        status: {loadBalancer: {ingress: [{ip: 5.6.7.9}]}}
                        """))
                .containsExactly(
                        "-A KUBE-SERVICES -d 172.30.0.46/32 -p tcp -m comment --comment \"ns6/svc6:p80 has no"
                                + " endpoints\" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable",
                        "-A KUBE-EXTERNAL-SERVICES -d 5.6.7.9/32 -p tcp -m comment --comment \"ns6/svc6:p80 has no"
                                + " endpoints\" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable",
                        "-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment \"ns6/svc6:p80 has no endpoints\""
                                + " -m addrtype --dst-type LOCAL -m tcp --dport 3006 -j REJECT"
                                + " --reject-with icmp-port-unreachable");
    }

    @Test
    void internalPolicyLocalDropsWhenAllEndpointsAreElsewhere() throws IOException {
        assertThat(lines("""
                        kind: Service
                        metadata: {namespace: ns7, name: svc7}
                        spec:
                          clusterIP: 172.30.0.47
                          internalTrafficPolicy: Local
                          ports: [{name: sip, protocol: SCTP, port: 5060}]
                        """, ENDPOINTS.formatted("ns7", "svc7", "sip", "SCTP", 5060, "[{addresses: [10.180.9.9]}]")))
                .containsExactly(
                        "-A KUBE-SERVICES -d 172.30.0.47/32 -p sctp -m comment --comment \"ns7/svc7:sip has no local"
                                + " endpoints\" -m sctp --dport 5060 -j DROP");
    }

    @Test
    void externalPolicyLocalLetsOnlyPodsAndThisNodeReachEndpointsElsewhere() throws IOException {
        var lines = lines("""
                kind: Service
                metadata: {namespace: ns2, name: svc2}
                spec:
                  type: LoadBalancer
                  clusterIP: 172.30.0.42
                  externalIPs: [192.168.99.22]
                  externalTrafficPolicy: Local
                  healthCheckNodePort: 30000
                  ports: [{name: p80, protocol: TCP, port: 80, nodePort: 3001}]
                status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}
                """, slice("ns2", "svc2", "[{addresses: [10.180.0.2]}]"));
        assertThat(lines)
                .contains(
                        "-A KUBE-EXTERNAL-SERVICES -d 192.168.99.22/32 -p tcp -m comment --comment \"ns2/svc2:p80 has"
                                + " no local endpoints\" -m tcp --dport 80 -j DROP",
                        "-A KUBE-NODEPORTS -p tcp -m comment --comment \"ns2/svc2:p80 health check node port\" -m tcp"
                                + " --dport 30000 -j ACCEPT",
                        "-A KUBE-SERVICES -d 192.168.99.22/32 -p tcp -m comment --comment \"ns2/svc2:p80 external"
                                + " IP\" -m tcp --dport 80 -j KUBE-EXT-GNZBNJ2PO5MGZ6GT",
                        "-A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment \"ns2/svc2:p80\" -m tcp --dport"
                                + " 3001 -m nfacct --nfacct-name  localhost_nps_accepted_pkts -j"
                                + " KUBE-EXT-GNZBNJ2PO5MGZ6GT",
                        "-A KUBE-NODEPORTS -p tcp -m comment --comment \"ns2/svc2:p80\" -m tcp --dport 3001 -j"
                                + " KUBE-EXT-GNZBNJ2PO5MGZ6GT");
        assertThat(lines.stream().filter(line -> line.startsWith("-A KUBE-EXT-")))
                .containsExactly(
                        "-A KUBE-EXT-GNZBNJ2PO5MGZ6GT -s 10.0.0.0/8 -m comment --comment \"pod traffic for"
                                + " ns2/svc2:p80 external destinations\" -j KUBE-SVC-GNZBNJ2PO5MGZ6GT",
                        "-A KUBE-EXT-GNZBNJ2PO5MGZ6GT -m comment --comment \"masquerade LOCAL traffic for"
                                + " ns2/svc2:p80 external destinations\" -m addrtype --src-type LOCAL"
                                + " -j KUBE-MARK-MASQ",
                        "-A KUBE-EXT-GNZBNJ2PO5MGZ6GT -m comment --comment \"route LOCAL traffic for ns2/svc2:p80"
                                + " external destinations\" -m addrtype --src-type LOCAL"
                                + " -j KUBE-SVC-GNZBNJ2PO5MGZ6GT");
    }

    @Test
    void sourceRangesAndAffinity() throws IOException {
        var lines = lines("""
                kind: Service
                metadata: {namespace: ns5, name: svc5}
                spec:
                  type: LoadBalancer
                  clusterIP: 172.30.0.45
                  sessionAffinity: ClientIP
                  sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}
                  loadBalancerSourceRanges: [" 203.0.113.000/025", "192.168.0.0/24"]
                  ports: [{name: p80, protocol: TCP, port: 80}]
                status: {loadBalancer: {ingress: [{ip: 5.6.7.8}]}}
                """, slice("ns5", "svc5", "[{addresses: [10.180.0.3]}]"));
        assertThat(lines)
                .contains(
                        "-A KUBE-SERVICES -d 5.6.7.8/32 -p tcp -m comment --comment \"ns5/svc5:p80 loadbalancer IP\""
                                + " -m tcp --dport 80 -j KUBE-FW-NUKIZ6OKUXPJNT4C",
                        "-A KUBE-PROXY-FIREWALL -d 5.6.7.8/32 -p tcp -m comment --comment \"ns5/svc5:p80 traffic not"
                                + " accepted by KUBE-FW-NUKIZ6OKUXPJNT4C\" -m tcp --dport 80 -j DROP",
                        "-A KUBE-SVC-NUKIZ6OKUXPJNT4C -m comment --comment \"ns5/svc5:p80 -> 10.180.0.3:80\" -m"
                                + " recent --rcheck --seconds 10800 --reap --name KUBE-SEP-I77PXRDZVX7PMWMN --mask"
                                + " 255.255.255.255 --rsource -j KUBE-SEP-I77PXRDZVX7PMWMN",
                        "-A KUBE-SEP-I77PXRDZVX7PMWMN -p tcp -m comment --comment \"ns5/svc5:p80\" -m recent --set"
                                + " --name KUBE-SEP-I77PXRDZVX7PMWMN --mask 255.255.255.255 --rsource -m tcp -j DNAT"
                                + " --to-destination 10.180.0.3:80");
        assertThat(lines.stream().filter(line -> line.startsWith("-A KUBE-FW-")))
                .containsExactly(
                        "-A KUBE-FW-NUKIZ6OKUXPJNT4C -s 203.0.113.0/25 -m comment --comment \"ns5/svc5:p80"
                                + " loadbalancer IP\" -j KUBE-EXT-NUKIZ6OKUXPJNT4C",
                        "-A KUBE-FW-NUKIZ6OKUXPJNT4C -s 192.168.0.0/24 -m comment --comment \"ns5/svc5:p80"
                                + " loadbalancer IP\" -j KUBE-EXT-NUKIZ6OKUXPJNT4C",
                        "-A KUBE-FW-NUKIZ6OKUXPJNT4C -s 5.6.7.8/32 -m comment --comment \"ns5/svc5:p80 loadbalancer"
                                + " IP\" -j KUBE-EXT-NUKIZ6OKUXPJNT4C",
                        "-A KUBE-FW-NUKIZ6OKUXPJNT4C -m comment --comment \"other traffic to ns5/svc5:p80 will be"
                                + " dropped by KUBE-PROXY-FIREWALL\"");
    }

    @Test
    void sharesAreEvenAndInTheOrderOfTheEndpointsText() throws IOException {
        var endpoints = slice(
                "ns1", "svc1", "[{addresses: [10.180.0.9]}, {addresses: [10.180.0.10]}, {addresses: [10.180.0.1]}]");
        assertThat(lines(CLUSTER_IP, endpoints).stream()
                        .filter(line -> line.contains(" -> "))
                        .map(line -> line.replaceAll(".* -> ([0-9.:]+)\" (-m statistic .* )?-j .*", "$1 $2")
                                .strip()))
                .containsExactly(
                        "10.180.0.10:80 -m statistic --mode random --probability 0.33333333349",
                        "10.180.0.1:80 -m statistic --mode random --probability 0.50000000000",
                        "10.180.0.9:80");
    }

    @Test
    void anInterfaceTellsPodsToo() throws IOException {
        var bridge = settings(Optional.of(new Match.Interface(Match.End.SOURCE, "cali+", false)));
        assertThat(lines(bridge, CLUSTER_IP, slice("ns1", "svc1", "[{addresses: [10.180.0.1]}]")))
                .contains("-A KUBE-SVC-XPGD46QRK7WJZT7O -d 172.30.0.41/32 ! -i cali+ -p tcp -m comment --comment"
                        + " \"ns1/svc1:p80 cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ");
    }

    private static String slice(String namespace, String service, String endpoints) {
        return ENDPOINTS.formatted(namespace, service, "p80", "TCP", 80, endpoints);
    }

    private static List<String> lines(String... objects) throws IOException {
        return lines(settings(Optional.of(Rules.source(IpPrefix.parse("10.0.0.0/8")))), objects);
    }

    private static List<String> lines(RuleSettings settings, String... objects) throws IOException {
        var problems = new ArrayList<String>();
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        for (var object : objects) {
            var decoded = new ObjectDecoder(new Origin.File("test"), problems::add).decode(object);
            if (decoded.orElseThrow() instanceof Decoded.Present(ClusterChange change)) {
                delta.replay(change);
            }
        }
        assertThat(problems).isEmpty();
        var printer = new SavePrinter(IpFamily.IPV4);
        var lines = new ArrayList<String>();
        for (var ports : new Router(IpFamily.IPV4, "node-1", true)
                .route(delta.apply())
                .services()
                .values()) {
            for (var port : ports) {
                var rules = ServiceRules.of(port, settings, true);
                for (var part : List.of(rules.filter(), rules.nat(), rules.own())) {
                    part.forEach(placed -> lines.add(printer.line(placed.chain(), placed.rule())));
                }
            }
        }
        return lines;
    }

    private static RuleSettings settings(Optional<Match> fromPods) {
        return new RuleSettings(
                IpFamily.IPV4,
                0x4000,
                false,
                fromPods,
                true,
                NodePortAddresses.ofPrefixes(List.of(), IpFamily.IPV4),
                List.of(),
                Optional.of(IpAddress.parse("192.168.0.2")),
                true,
                true,
                true,
                true);
    }
}
