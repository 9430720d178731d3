package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Protocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Hand-written rules on node1, and what the probes see of them. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ParameterizedClass
@EnumSource
class TranslatedPacketsTest {

    private static final int PORT = 8080;
    private static final int SERVICE_PORT = 80;

    @Parameter
    private Attachment attachment;

    private Topology net;
    private LabNode node1;
    private LabPod first;
    private LabPod second;
    private LabPod remote;

    @BeforeParameterizedClassInvocation
    void build(Attachment attachmentOfThisRound) {
        net = Topology.builder()
                .attachment(attachmentOfThisRound)
                .node(2)
                .node(1)
                .build();
        node1 = net.node("node1");
        first = net.pod("node1-pod1");
        second = net.pod("node1-pod2");
        remote = net.pod("node2-pod1");
        for (var protocol : Protocol.values()) {
            Stream.of(first, second, remote).forEach(pod -> pod.serve(protocol, PORT));
        }
        for (var family : IpFamily.values()) {
            net.routeFromOutside(IpPrefix.host(service(family)), node1);
        }
    }

    @AfterParameterizedClassInvocation
    void remove() {
        net.close();
    }

    @BeforeEach
    void noRules() {
        for (var family : IpFamily.values()) {
            for (var table : new String[] {"nat", "filter"}) {
                iptables(family, "-t", table, "-F");
            }
        }
        node1.namespace().exec("conntrack", "-F");
    }

    static Stream<Arguments> protocolsAndFamilies() {
        return Arrays.stream(Protocol.values())
                .flatMap(protocol -> Arrays.stream(IpFamily.values()).map(family -> Arguments.of(protocol, family)));
    }

    @ParameterizedTest
    @MethodSource("protocolsAndFamilies")
    void aServiceLeadsToAPodThatSeesTheClient(Protocol protocol, IpFamily family) {
        translate(protocol, family, second);
        assertThat(Probe.from(first).withSourcePort(6000).send(protocol, service(family), SERVICE_PORT))
                .isEqualTo(new ProbeResult.Answer(second.name(), first.address(family), 6000));
        assertThat(Probe.from(net.outside()).send(protocol, service(family), SERVICE_PORT))
                .isInstanceOfSatisfying(
                        ProbeResult.Answer.class,
                        answer -> assertThat(answer.seenSource())
                                .isEqualTo(net.outside().address(family)));
        assertThat(Probe.from(node1).send(protocol, service(family), SERVICE_PORT))
                .isInstanceOfSatisfying(
                        ProbeResult.Answer.class,
                        answer -> assertThat(answer.server()).isEqualTo(second.name()));
    }

    @ParameterizedTest
    @MethodSource("protocolsAndFamilies")
    void masqueradingShowsTheNodeToTheServer(Protocol protocol, IpFamily family) {
        translate(protocol, family, remote);
        iptables(family, "-t", "nat", "-A", "POSTROUTING", "-p", protocol.text(), "-j", "MASQUERADE");
        assertThat(Probe.from(net.outside()).send(protocol, service(family), SERVICE_PORT))
                .isInstanceOfSatisfying(ProbeResult.Answer.class, answer -> {
                    assertThat(answer.server()).isEqualTo(remote.name());
                    assertThat(answer.seenSource()).isEqualTo(node1.address(family));
                });
    }

    @ParameterizedTest
    @MethodSource("protocolsAndFamilies")
    void aPodReachesItselfThroughAServiceWhenMasqueraded(Protocol protocol, IpFamily family) {
        translate(protocol, family, first);
        var probe = Probe.from(first).waiting(Duration.ofMillis(300));
        assertThat(probe.send(protocol, service(family), SERVICE_PORT))
                .as("its own answer comes from the wrong address")
                .isNotInstanceOf(ProbeResult.Answer.class);
        node1.namespace().exec("conntrack", "-F");
        iptables(family, "-t", "nat", "-A", "POSTROUTING", "-p", protocol.text(), "-j", "MASQUERADE");
        assertThat(probe.send(protocol, service(family), SERVICE_PORT))
                .isInstanceOfSatisfying(ProbeResult.Answer.class, answer -> {
                    assertThat(answer.server()).isEqualTo(first.name());
                    assertThat(answer.seenSource())
                            .isNotEqualTo(first.address(family))
                            .isEqualTo(gateway(family));
                });
    }

    @ParameterizedTest
    @MethodSource("protocolsAndFamilies")
    void rejectedPacketsAreRefusedAtOnceEachTime(Protocol protocol, IpFamily family) {
        for (var chain : new String[] {"FORWARD", "OUTPUT"}) {
            iptables(family, "-A", chain, "-d", service(family).toString(), "-j", "REJECT");
        }
        for (var client : new Probe[] {Probe.from(first), Probe.from(net.outside()), Probe.from(node1)}) {
            var tally = client.many(protocol, service(family), SERVICE_PORT, 30);
            assertThat(tally.failures()).hasSize(30).allMatch(ProbeResult.Refused.class::isInstance);
        }
    }

    @ParameterizedTest
    @MethodSource("protocolsAndFamilies")
    void droppedPacketsTimeOut(Protocol protocol, IpFamily family) {
        for (var chain : new String[] {"FORWARD", "OUTPUT"}) {
            iptables(family, "-A", chain, "-d", service(family).toString(), "-j", "DROP");
        }
        for (var client : new Probe[] {Probe.from(first), Probe.from(node1)}) {
            var probe = client.waiting(Duration.ofMillis(100));
            assertThat(probe.send(protocol, service(family), SERVICE_PORT)).isEqualTo(new ProbeResult.TimedOut());
        }
    }

    @ParameterizedTest
    @MethodSource("protocolsAndFamilies")
    void manyConnectionsAreSpreadEvenly(Protocol protocol, IpFamily family) {
        translate(protocol, family, first, "-m", "statistic", "--mode", "random", "--probability", "0.3333333333");
        translate(protocol, family, second, "-m", "statistic", "--mode", "random", "--probability", "0.5");
        translate(protocol, family, remote);
        // Else the remote pod's answers would take the short way home, past node1.
        iptables(family, "-t", "nat", "-A", "POSTROUTING", "-p", protocol.text(), "-j", "MASQUERADE");
        long start = System.nanoTime();
        var tally = Probe.from(net.outside()).many(protocol, service(family), SERVICE_PORT, 300);
        System.out.printf(
                "measured: 300 %s probes over %s in %d ms%n",
                protocol, family, (System.nanoTime() - start) / 1_000_000);
        assertThat(tally.failures()).isEmpty();
        var servers = Set.of(first.name(), second.name(), remote.name());
        assertThat(Uniformity.of(servers, tally.answers())).matches(Uniformity::holds);
        assertThat(tally.sources().get(remote.name())).containsExactly(node1.address(family));
    }

    @Test
    void withoutBridgeNetfilterNeighboursOnABridgeMissTheWayBack() {
        assumeTrue(Sysctl.hasBridgeNetfilter(), "the kernel has no br_netfilter to switch off");
        for (var family : IpFamily.values()) {
            translate(Protocol.TCP, family, second);
            node1.namespace().sysctl(Sysctl.bridgeNetfilter(false));
            var result = Probe.from(first).waiting(Duration.ofMillis(300)).tcp(service(family), SERVICE_PORT);
            node1.namespace().sysctl(Sysctl.bridgeNetfilter(true));
            switch (attachment) {
                case BRIDGE -> assertThat(result).isNotInstanceOf(ProbeResult.Answer.class);
                case ROUTED -> assertThat(result).isInstanceOf(ProbeResult.Answer.class);
            }
        }
    }

    private void translate(Protocol protocol, IpFamily family, LabPod to, String... matches) {
        for (var chain : new String[] {"PREROUTING", "OUTPUT"}) {
            var rule = Stream.of(
                    Stream.of("-t", "nat", "-A", chain, "-d", service(family).toString()),
                    Stream.of("-p", protocol.text(), "--dport", String.valueOf(SERVICE_PORT)),
                    Stream.of(matches),
                    Stream.of(
                            "-j", "DNAT", "--to-destination", to.address(family).withPort(PORT)));
            iptables(family, rule.flatMap(words -> words).toArray(String[]::new));
        }
    }

    private void iptables(IpFamily family, String... words) {
        String program = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
        node1.namespace()
                .exec(Stream.concat(Stream.of(program), Arrays.stream(words)).toArray(String[]::new));
    }

    private static IpAddress service(IpFamily family) {
        return IpAddress.parse(family == IpFamily.IPV4 ? "10.96.0.10" : "fd00:10:96::a");
    }

    /** The node's end of the pod network. */
    private static IpAddress gateway(IpFamily family) {
        return IpAddress.parse(family == IpFamily.IPV4 ? "10.244.1.1" : "fd00:10:244:1::1");
    }
}
