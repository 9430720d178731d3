package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kernel")
class TopologyTest {

    private static final int PORT = 7000;

    private Set<String> before = Set.of();

    @BeforeEach
    void rememberNamespaces() throws IOException {
        before = OwnNamespaces.list();
    }

    @AfterEach
    void noNamespaceIsLeft() throws IOException {
        assertThat(OwnNamespaces.list()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void everybodyReachesEverybodyAndIsSeenAsItself(Attachment attachment) {
        try (var net = Topology.builder().attachment(attachment).node(2).node(1).build()) {
            var server = net.pod("node1-pod1");
            for (var protocol : Protocol.values()) {
                server.serve(protocol, PORT);
                net.node("node2").serve(protocol, PORT);
            }
            for (var protocol : Protocol.values()) {
                for (var family : IpFamily.values()) {
                    assertSeenAsItself(
                            protocol,
                            server,
                            net.pod("node1-pod2").namespace(),
                            family,
                            net.pod("node1-pod2").addresses());
                    assertSeenAsItself(
                            protocol,
                            server,
                            net.pod("node2-pod1").namespace(),
                            family,
                            net.pod("node2-pod1").addresses());
                    assertSeenAsItself(
                            protocol,
                            server,
                            net.node("node2").namespace(),
                            family,
                            net.node("node2").addresses());
                    assertSeenAsItself(
                            protocol,
                            server,
                            net.outside().namespace(),
                            family,
                            net.outside().addresses());
                    assertThat(Probe.from(server)
                                    .send(protocol, net.node("node2").address(family), PORT))
                            .isInstanceOfSatisfying(ProbeResult.Answer.class, answer -> {
                                assertThat(answer.server()).isEqualTo("node2");
                                assertThat(answer.seenSource()).isEqualTo(server.address(family));
                            });
                }
            }
        }
    }

    private static void assertSeenAsItself(
            Protocol protocol, LabPod server, NetworkNamespace client, IpFamily family, Addresses clientAddresses) {
        var result = Probe.from(client).withSourcePort(5555).send(protocol, server.address(family), PORT);
        assertThat(result)
                .as("%s %s from %s", protocol, family, client)
                .isEqualTo(new ProbeResult.Answer(server.name(), clientAddresses.of(family), 5555));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyListeningIsRefused(Protocol protocol) {
        try (var net = Topology.builder().node(2).build()) {
            for (var family : IpFamily.values()) {
                var target = net.pod("node1-pod2").address(family);
                assertThat(Probe.from(net.pod("node1-pod1")).send(protocol, target, PORT))
                        .isInstanceOf(ProbeResult.Refused.class);
            }
        }
    }

    @Test
    void podsComeAndGoWhileTheRestGoesOn() throws Exception {
        try (var net = Topology.builder().node(1).node(0).build()) {
            var client = Probe.from(net.pod("node1-pod1"));
            var added = net.node("node2").addPod("late", 38);
            added.serve(Protocol.TCP, PORT);
            assertThat(added.address(IpFamily.IPV4)).hasToString("10.244.2.38");
            for (var family : IpFamily.values()) {
                assertThat(client.tcp(added.address(family), PORT)).isInstanceOf(ProbeResult.Answer.class);
            }
            try (var session = client.openTcp(added.address(IpFamily.IPV6), PORT)) {
                assertThat(session.connect()).isEmpty();
                assertThat(session.ask()).isInstanceOf(ProbeResult.Answer.class);
                added.close();
                assertThat(session.ask()).isNotInstanceOf(ProbeResult.Answer.class);
            }
            assertThat(net.node("node2").pods()).isEmpty();
            net.node("node2").addPod("late", 38).serve(Protocol.TCP, PORT);
            assertThat(client.tcp(net.pod("late").address(IpFamily.IPV6), PORT)).isInstanceOf(ProbeResult.Answer.class);
        }
    }

    @Test
    void aNodeThatIsCutOffIsSilentUntilItRejoins() {
        try (var net = Topology.builder().node(0).build()) {
            var node = net.node("node1");
            node.serve(Protocol.UDP, PORT);
            var client = Probe.from(net.outside());
            assertThat(client.udp(node.address(IpFamily.IPV4), PORT)).isInstanceOf(ProbeResult.Answer.class);
            net.cutOff(node);
            assertThat(client.waiting(Duration.ofMillis(200)).udp(node.address(IpFamily.IPV4), PORT))
                    .isInstanceOf(ProbeResult.TimedOut.class);
            net.rejoin(node);
            assertThat(client.udp(node.address(IpFamily.IPV4), PORT)).isInstanceOf(ProbeResult.Answer.class);
        }
    }

    @Test
    void anAddressPlanOfOnesOwnIsPossible() {
        var article = new NodePlan(
                "k8s3",
                Addresses.of("10.210.40.175", "fd00:210::175"),
                Subnets.of("10.244.3.0/24", "fd00:10:244:3::/64"),
                List.of("nginx"));
        try (var net = Topology.builder()
                .lan(Subnets.of("10.210.40.0/24", "fd00:210::/64"))
                .node(article)
                .build()) {
            net.pod("nginx").serve(Protocol.TCP, 80);
            assertThat(Probe.from(net.node("k8s3")).tcp(net.pod("nginx").address(IpFamily.IPV4), 80))
                    .isInstanceOf(ProbeResult.Answer.class);
            assertThat(net.pod("nginx").address(IpFamily.IPV4)).hasToString("10.244.3.2");
        }
    }

    @Test
    void aTopologyThatCannotBeBuiltLeavesNothing() {
        var twice = NodePlan.numbered(1, Subnets.of("192.168.77.0/24", "fd00:77::/64"), 1);
        var clash = new NodePlan("other", twice.addresses(), twice.podSubnets(), List.of());
        assertThatThrownBy(() -> Topology.builder()
                        .node(twice)
                        .node(clash)
                        .node(0)
                        .outsideNumber(300)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no host number 300");
        assertThatThrownBy(() -> Topology.builder()
                        .node(twice)
                        .node(new NodePlan("clash", twice.addresses(), twice.podSubnets(), List.of("p", "p")))
                        .build())
                .isInstanceOf(CommandFailedException.class);
    }

    @Test
    void anExceptionInTheMiddleLeavesNothing() {
        assertThatThrownBy(() -> {
                    try (var net = Topology.builder().node(1).build()) {
                        net.pod("node1-pod1").serve(Protocol.TCP, PORT);
                        net.node("node1").namespace().exec("false");
                    }
                })
                .isInstanceOf(CommandFailedException.class);
    }

    @Test
    void aTopologyIsBuiltInAMoment() {
        Topology.builder().node(0).build().close(); // classes loaded
        long start = System.nanoTime();
        var net = Topology.builder().node(3).node(3).build();
        long built = System.nanoTime();
        net.close();
        System.out.printf(
                "measured: topology of 2 nodes x 3 pods built in %d ms, closed in %d ms%n",
                (built - start) / 1_000_000, (System.nanoTime() - built) / 1_000_000);
    }
}
