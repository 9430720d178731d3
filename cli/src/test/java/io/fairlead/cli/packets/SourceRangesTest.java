package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.Front.CLUSTER_IP;
import static io.fairlead.cli.packets.Front.EXTERNAL_IP;
import static io.fairlead.cli.packets.Front.LOAD_BALANCER_IP;
import static io.fairlead.cli.packets.Front.NODE_PORT;

import io.fairlead.lab.net.LabPod;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code loadBalancerSourceRanges}. */
@Tag("kernel")
@ExtendWith(SharedLab.class)
class SourceRangesTest {

    private static final String ALL_TRAFFIC = "io.fairlead.cli.packets.Traffic#all";

    private final PacketLab lab;
    private final World world;
    private final Client pod;
    private final Client node;
    private final Client outside;
    private final Set<LabPod> endpoints;

    SourceRangesTest(PacketLab lab) {
        this.lab = lab;
        world = new World(lab.net());
        pod = Client.of(lab.client());
        node = Client.of(lab.node1());
        outside = Client.of(lab.net().outside(), lab.node1());
        endpoints = Set.of(world.local1, world.remote1);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void whoeverIsInsideARangeIsAccepted(Traffic traffic) {
        traffic.reachesMasqueraded(outside, LOAD_BALANCER_IP, world.nearOutside, endpoints);
        traffic.reachesMasqueraded(outside, LOAD_BALANCER_IP, world.lan, endpoints);
        traffic.reachesMasqueraded(node, LOAD_BALANCER_IP, world.lan, endpoints);
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void whoeverIsOutsideTheRangesIsDropped(Traffic traffic) {
        traffic.isDropped(outside, LOAD_BALANCER_IP, world.elsewhere);
        traffic.isDropped(node, LOAD_BALANCER_IP, world.elsewhere);
        traffic.isDropped(node, LOAD_BALANCER_IP, world.nearOutside);
        for (var service : List.of(world.lan, world.nearOutside, world.elsewhere)) {
            traffic.isDropped(pod, LOAD_BALANCER_IP, service);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void otherWaysInAreNotRestricted(Traffic traffic) {
        for (var client : List.of(pod, node, outside)) {
            traffic.reachesMasqueraded(client, NODE_PORT, world.elsewhere, endpoints);
            traffic.reachesMasqueraded(client, EXTERNAL_IP, world.elsewhere, endpoints);
        }
        traffic.reaches(pod, CLUSTER_IP, world.elsewhere, endpoints);
    }

    /** Some load balancers give the node their address: the node then talks to it from this very address. */
    @ParameterizedTest
    @MethodSource(ALL_TRAFFIC)
    void aNodeInsideARangeThatHasTheLoadBalancersAddressIsAcceptedWithIt(Traffic traffic) {
        var service = world.lan;
        var vip = service.loadBalancerIps().of(traffic.family()) + "/"
                + traffic.family().bits();
        lab.node1().namespace().exec("ip", "address", "add", vip, "dev", "lo");
        try {
            var itself = node.as(service.loadBalancerIps(), traffic.family());
            traffic.reachesMasqueraded(itself, LOAD_BALANCER_IP, service, endpoints);
        } finally {
            lab.node1().namespace().exec("ip", "address", "delete", vip, "dev", "lo");
        }
    }
}
