package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.Front.CLUSTER_IP;
import static io.fairlead.cli.packets.Front.NODE_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.ProbeResult;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which endpoints a packet may reach, and whom they see: by traffic policy, way in and client. */
@Tag("kernel")
@ExtendWith(SharedLab.class)
class PacketFlowTest {

    private static final String ALL_TRAFFIC = "io.fairlead.cli.packets.Traffic#all";

    private final boolean nftables;
    private final World world;
    private final Client pod;
    private final Client node;
    private final Client outside;
    private final Client outsideViaNode2;

    PacketFlowTest(PacketLab lab) {
        nftables = lab.isNftables();
        world = new World(lab.net());
        pod = Client.of(lab.client());
        node = Client.of(lab.node1());
        outside = Client.of(lab.net().outside(), lab.node1());
        outsideViaNode2 = Client.of(lab.net().outside(), lab.node2());
    }

    static Stream<Traffic> ipv4() {
        return Traffic.all().filter(traffic -> traffic.family() == IpFamily.IPV4);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void everyWayInLeadsToAllEndpoints(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.cluster, world.all);
        traffic.reachesMasqueraded(node, CLUSTER_IP, world.cluster, world.all);
        traffic.reachesMasqueraded(outside, CLUSTER_IP, world.cluster, world.all);
        for (var front : Front.EXTERNAL) {
            traffic.reachesMasqueraded(pod, front, world.cluster, world.all);
            traffic.reachesMasqueraded(node, front, world.cluster, world.all);
            traffic.reachesMasqueraded(outside, front, world.cluster, world.all);
        }
        traffic.reachesMasqueraded(outsideViaNode2, NODE_PORT, world.cluster, world.all);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void externalTrafficPolicyLocalShowsTheOutsideClientToLocalEndpoints(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.externalLocal, world.all);
        traffic.reachesMasqueraded(node, CLUSTER_IP, world.externalLocal, world.all);
        traffic.reachesMasqueraded(outside, CLUSTER_IP, world.externalLocal, world.all);
        for (var front : Front.EXTERNAL) {
            traffic.reaches(pod, front, world.externalLocal, world.all);
            traffic.reachesMasqueraded(node, front, world.externalLocal, world.all);
            traffic.reaches(outside, front, world.externalLocal, world.local);
        }
        traffic.reaches(outsideViaNode2, NODE_PORT, world.externalLocal, world.remote);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void internalTrafficPolicyLocalConcernsTheClusterIpOnly(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.internalLocal, world.local);
        traffic.reachesMasqueraded(node, CLUSTER_IP, world.internalLocal, world.local);
        traffic.reachesMasqueraded(outside, CLUSTER_IP, world.internalLocal, world.local);
        for (var front : Front.EXTERNAL) {
            traffic.reachesMasqueraded(pod, front, world.internalLocal, world.all);
            traffic.reachesMasqueraded(node, front, world.internalLocal, world.all);
            traffic.reachesMasqueraded(outside, front, world.internalLocal, world.all);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void bothPoliciesLocalKeepTheirOwnWays(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.bothLocal, world.local);
        for (var front : Front.EXTERNAL) {
            traffic.reaches(pod, front, world.bothLocal, world.all);
            traffic.reaches(outside, front, world.bothLocal, world.local);
        }
    }

    @ParameterizedTest
    @MethodSource("ipv4")
    void nodePortsAreOpenOnLocalhostInIptablesModeOnly(Traffic traffic) {
        var localhost = IpAddress.parse("127.0.0.1");
        for (var service : new LabService[] {world.cluster, world.externalLocal, world.internalLocal}) {
            if (nftables) {
                assertThat(node.impatient().probe().send(traffic.protocol(), localhost, service.nodePort()))
                        .isNotInstanceOf(ProbeResult.Answer.class);
            } else {
                traffic.reaches(node, localhost, service.nodePort(), world.all, true);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void aPodThatReachesItselfIsMasqueraded(Traffic traffic) {
        var server = Client.of(world.local1);
        for (var front : Front.values()) {
            traffic.reachesMasqueraded(server, front, world.self, Set.of(world.local1));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void onlyWhatComesBackToItIsMasqueradedForAPodThatServes(Traffic traffic) {
        var tally = Client.of(world.local1)
                .probe()
                .many(traffic.protocol(), world.cluster.clusterIps().of(traffic.family()), LabService.PORT, 80);
        assertThat(tally.failures()).isEmpty();
        assertThat(tally.sources()).hasSize(4).allSatisfy((name, sources) -> {
            boolean itself = name.equals(world.local1.name());
            assertThat(sources)
                    .as(name)
                    .containsExactly(
                            itself
                                    ? PacketLab.gateway(world.local1.node(), traffic.family())
                                    : world.local1.address(traffic.family()));
        });
    }
}
