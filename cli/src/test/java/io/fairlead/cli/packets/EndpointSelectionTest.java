package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.Front.CLUSTER_IP;
import static io.fairlead.cli.packets.Front.EXTERNAL_IP;
import static io.fairlead.cli.packets.Front.NODE_PORT;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Endpoints that are going, that are hinted for a zone, or that are not there at all. */
@Tag("kernel")
@ExtendWith(SharedLab.class)
class EndpointSelectionTest {

    private static final String ALL_TRAFFIC = "io.fairlead.cli.packets.Traffic#all";

    private final boolean nftables;
    private final World world;
    private final Client pod;
    private final Client podOnNode2;
    private final Client node;
    private final Client outside;
    private final Client outsideViaNode2;

    EndpointSelectionTest(PacketLab lab) {
        nftables = lab.isNftables();
        world = new World(lab.net());
        pod = Client.of(lab.client());
        podOnNode2 = Client.of(lab.node2().pods().getLast());
        node = Client.of(lab.node1());
        outside = Client.of(lab.net().outside(), lab.node1());
        outsideViaNode2 = Client.of(lab.net().outside(), lab.node2());
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void aServiceWithoutEndpointsRefusesAtOnce(Traffic traffic) {
        traffic.isRefused(List.of(pod, outside), List.of(Front.values()), world.empty);
        traffic.isRefused(List.of(node), List.of(CLUSTER_IP, NODE_PORT), world.empty);
        if (nftables) {
            traffic.isRefused(List.of(node), List.of(EXTERNAL_IP), world.empty);
        } else {
            // As with kube-proxy, which looks at external addresses on the way in and through, not on the way out.
            traffic.isUnknown(node, EXTERNAL_IP, world.empty);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void withoutLocalEndpointsExternalTrafficIsDroppedAndTheClustersOwnIsNot(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.remoteExternalLocal, world.remote);
        for (var front : Front.EXTERNAL) {
            traffic.isDropped(outside, front, world.remoteExternalLocal);
            traffic.reaches(pod, front, world.remoteExternalLocal, world.remote);
            traffic.reachesMasqueraded(node, front, world.remoteExternalLocal, world.remote);
        }
        traffic.reaches(outsideViaNode2, NODE_PORT, world.remoteExternalLocal, world.remote);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void withoutLocalEndpointsInternalTrafficIsDroppedAndExternalIsNot(Traffic traffic) {
        for (var client : new Client[] {pod, node, outside}) {
            traffic.isDropped(client, CLUSTER_IP, world.remoteInternalLocal);
            for (var front : Front.EXTERNAL) {
                traffic.reachesMasqueraded(client, front, world.remoteInternalLocal, world.remote);
            }
        }
        traffic.reaches(podOnNode2, CLUSTER_IP, world.remoteInternalLocal, world.remote);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void localEndpointsThatTerminateServeExternalTrafficWhileReadyOnesServeTheCluster(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.localTerminating, Set.of(world.remote1));
        for (var front : Front.EXTERNAL) {
            traffic.reaches(outside, front, world.localTerminating, Set.of(world.local1));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void aTerminatingEndpointElsewhereServesTheClusterOnly(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.remoteTerminating, Set.of(world.remote1));
        for (var front : Front.EXTERNAL) {
            traffic.isDropped(outside, front, world.remoteTerminating);
        }
        traffic.reaches(outsideViaNode2, NODE_PORT, world.remoteTerminating, Set.of(world.remote1));
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void endpointsThatServeNoMoreRefuse(Traffic traffic) {
        traffic.isRefused(List.of(pod, outside), List.of(Front.values()), world.noneServing);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void whenAllEndpointsTerminateThoseThatStillServeAreUsed(Traffic traffic) {
        var serving = Set.of(world.local1, world.remote1);
        traffic.reaches(pod, CLUSTER_IP, world.allTerminating, serving);
        traffic.reachesMasqueraded(outside, NODE_PORT, world.allTerminating, serving);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void hintsKeepTrafficInTheZoneOfTheNode(Traffic traffic) {
        traffic.reaches(pod, CLUSTER_IP, world.hinted, Set.of(world.local1, world.remote1));
        traffic.reachesMasqueraded(outside, NODE_PORT, world.hinted, Set.of(world.local1, world.remote1));
        traffic.reaches(podOnNode2, CLUSTER_IP, world.hinted, Set.of(world.local2, world.remote2));
    }
}
