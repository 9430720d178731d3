package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.Front.CLUSTER_IP;
import static io.fairlead.cli.packets.Front.LOAD_BALANCER_IP;
import static io.fairlead.cli.packets.Front.NODE_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.packets.PacketLab.Settings;
import io.fairlead.lab.net.Attachment;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold whatever the back end, the pod network and the daemon's settings, and what these change. */
@Tag("kernel")
class SettingsTest {

    private static PacketLab lab(Attachment attachment, Settings settings) {
        var net = Topology.builder().attachment(attachment).node(3).node(3).build();
        return PacketLab.start(net, settings, new World(net).services());
    }

    @ParameterizedTest
    @EnumSource
    void everyBackEndServesRoutedPods(Backend backend) throws IOException, InterruptedException {
        try (var lab = lab(Attachment.ROUTED, new Settings(backend, true, false))) {
            var world = new World(lab.net());
            Traffic.all().forEach(traffic -> core(lab, traffic, world, backend));
            changes(lab, world);
            stopsAndStarts(lab, world);
        }
    }

    private static void core(PacketLab lab, Traffic traffic, World world, Backend backend) {
        var pod = Client.of(lab.client());
        var node = Client.of(lab.node1());
        var outside = Client.of(lab.net().outside(), lab.node1());
        traffic.reaches(pod, CLUSTER_IP, world.cluster, world.all);
        traffic.reachesMasqueraded(node, CLUSTER_IP, world.cluster, world.all);
        for (var front : Front.EXTERNAL) {
            traffic.reachesMasqueraded(outside, front, world.cluster, world.all);
            traffic.reaches(outside, front, world.externalLocal, world.local);
            traffic.reaches(pod, front, world.externalLocal, world.all);
        }
        // Nftables mode has no node ports on localhost (docs/nftables.md).
        if (traffic.family() == IpFamily.IPV4 && backend != Backend.NFTABLES) {
            traffic.reaches(node, IpAddress.parse("127.0.0.1"), world.cluster.nodePort(), world.all, true);
        }
        traffic.reaches(pod, CLUSTER_IP, world.internalLocal, world.local);
        traffic.reachesMasqueraded(Client.of(world.local1), CLUSTER_IP, world.self, Set.of(world.local1));
        traffic.isRefused(List.of(pod, node, outside), List.of(CLUSTER_IP, NODE_PORT), world.empty);
        traffic.isDropped(outside, LOAD_BALANCER_IP, world.remoteExternalLocal);
        traffic.isDropped(outside, LOAD_BALANCER_IP, world.elsewhere);
        traffic.reachesMasqueraded(outside, LOAD_BALANCER_IP, world.lan, Set.of(world.local1, world.remote1));
        String chosen = traffic.server(pod, CLUSTER_IP, world.sticky);
        for (int i = 0; i < 10; i++) {
            assertThat(traffic.server(pod, CLUSTER_IP, world.sticky)).isEqualTo(chosen);
        }
    }

    private static void changes(PacketLab lab, World world) {
        var outside = Client.of(lab.net().outside(), lab.node1());
        var service = LabService.named("changing", 101);
        for (var endpoints : List.of(world.all, Set.of(world.remote2))) {
            lab.apply(with(world, service.to(endpoints.toArray(LabPod[]::new))));
            Traffic.all().forEach(traffic -> traffic.reachesMasqueraded(outside, LOAD_BALANCER_IP, service, endpoints));
        }
        lab.apply(world.services());
        Traffic.all().forEach(traffic -> traffic.isUnknown(outside, LOAD_BALANCER_IP, service));
    }

    private static List<LabService> with(World world, LabService... more) {
        return Stream.concat(world.services().stream(), Arrays.stream(more)).toList();
    }

    private static void stopsAndStarts(PacketLab lab, World world) throws InterruptedException {
        var outside = Client.of(lab.net().outside(), lab.node1());
        var before = rules(lab);
        try (var session =
                outside.probe().openTcp(world.cluster.loadBalancerIps().ipv4(), LabService.PORT)) {
            assertThat(session.connect()).isEmpty();
            var daemon = lab.daemon(lab.node1());
            daemon.terminate();
            assertThat(daemon.awaitEnd(Duration.ofSeconds(1))).isZero();
            assertThat(daemon.log()).contains("Stopping; the rules stay in place");
            assertThat(rules(lab)).isEqualTo(before);
            Traffic.all()
                    .forEach(
                            traffic -> traffic.reachesMasqueraded(outside, LOAD_BALANCER_IP, world.cluster, world.all));

            lab.startDaemon(lab.node1());
            lab.apply(with(world, LabService.named("after-restart", 102).to(world.local1)));
            Traffic.all()
                    .forEach(traffic -> traffic.reachesMasqueraded(
                            outside, LOAD_BALANCER_IP, LabService.named("after-restart", 102), Set.of(world.local1)));
            lab.apply(with(world));
            assertThat(session.ask()).isInstanceOf(ProbeResult.Answer.class);
        }
    }

    /** Node1's, without the counters and times in comments. */
    private static List<String> rules(PacketLab lab) {
        if (lab.isNftables()) {
            return lab.nftTables(lab.node1())
                    .lines()
                    .map(line -> line.replaceAll(" expires [0-9dhms]+", ""))
                    .sorted()
                    .toList();
        }
        return Stream.of(IpFamily.values())
                .flatMap(family ->
                        Stream.of("filter", "nat", "mangle").map(table -> lab.rules(lab.node1(), family, table)))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("-A"))
                .toList();
    }

    @Test
    void withoutADetectorClusterIpsAreNotMasqueraded() throws IOException {
        try (var lab = lab(Attachment.bestOfThisKernel(), new Settings(Backend.NFT, false, false))) {
            var world = new World(lab.net());
            var pod = Client.of(lab.client());
            var outside = Client.of(lab.net().outside(), lab.node1());
            Traffic.all().forEach(traffic -> {
                traffic.reaches(pod, CLUSTER_IP, world.cluster, world.all);
                traffic.reaches(outside, CLUSTER_IP, world.internalLocal, world.local);
                traffic.reachesMasqueraded(Client.of(world.local1), CLUSTER_IP, world.self, Set.of(world.local1));
                for (var front : Front.EXTERNAL) {
                    traffic.reaches(pod, front, world.externalLocal, world.local);
                    traffic.reachesMasqueraded(pod, front, world.cluster, world.all);
                    traffic.reachesMasqueraded(outside, front, world.cluster, world.all);
                }
            });
        }
    }

    @Test
    void masqueradeAllHidesPodsBehindTheirNodeForClusterIps() throws IOException {
        try (var lab = lab(Attachment.ROUTED, new Settings(Backend.NFT, true, true))) {
            var world = new World(lab.net());
            var pod = Client.of(lab.client());
            var node = Client.of(lab.node1());
            var outside = Client.of(lab.net().outside(), lab.node1());
            Traffic.all().forEach(traffic -> {
                for (var client : List.of(pod, node, outside)) {
                    traffic.reachesMasqueraded(client, CLUSTER_IP, world.cluster, world.all);
                    traffic.reachesMasqueraded(client, CLUSTER_IP, world.internalLocal, world.local);
                }
                traffic.reaches(pod, LOAD_BALANCER_IP, world.externalLocal, world.all);
                traffic.reaches(outside, LOAD_BALANCER_IP, world.externalLocal, world.local);
            });
        }
    }
}
