package io.fairlead.cli.packets;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.packets.PacketLab.Settings;
import io.fairlead.lab.net.Attachment;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Daemons end and start again in another mode while clients go on connecting: nobody notices. */
@Tag("kernel")
class ModeSwitchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECTIONS_BETWEEN = 50;

    private final Topology net =
            Topology.builder().attachment(Attachment.ROUTED).node(3).node(3).build();
    private final World world = new World(net);
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @AfterEach
    void endClients() throws InterruptedException {
        over = true;
        for (var client : clients) {
            client.join();
        }
    }

    @Test
    void fromIptablesToNftablesAndBack() throws Exception {
        try (var lab = PacketLab.start(net, new Settings(Backend.NFT, true, false), world.services())) {
            var outside = Client.of(net.outside(), lab.node1());
            try (var session =
                    outside.probe().openTcp(world.cluster.loadBalancerIps().ipv4(), LabService.PORT)) {
                assertThat(session.connect()).isEmpty();
                hammer(Client.of(lab.client()), Front.CLUSTER_IP);
                hammer(outside, Front.LOAD_BALANCER_IP);
                hammer(outside, Front.NODE_PORT);

                switchTo(lab, Backend.NFTABLES, "Removed the rules of iptables mode");
                for (var program : List.of("iptables-nft-save", "ip6tables-nft-save")) {
                    assertThat(lab.node1().namespace().exec(program)).doesNotContain("KUBE-SERVICES");
                }
                switchTo(lab, Backend.NFT, "Removed the rules of nftables mode");
                assertThat(lab.node1().namespace().exec("nft", "list", "tables"))
                        .doesNotContain("kube-proxy");

                assertThat(failures).isEmpty();
                assertThat(session.ask()).isInstanceOf(ProbeResult.Answer.class);
            }
            endClients();
        }
    }

    private void switchTo(PacketLab lab, Backend backend, String inTheEnd) throws InterruptedException {
        awaitConnections();
        lab.switchTo(backend);
        for (var node : net.nodes()) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            // Once for each family.
            while (lab.daemon(node).log().split(inTheEnd, -1).length <= IpFamily.values().length) {
                assertThat(System.nanoTime()).as(lab.daemon(node).log()).isLessThan(deadline);
                PacketLab.pause(Duration.ofMillis(100));
            }
        }
        awaitConnections();
    }

    /** So many more than there are. */
    private void awaitConnections() {
        int before = connections.get();
        while (connections.get() < before + CONNECTIONS_BETWEEN && failures.isEmpty()) {
            PacketLab.pause(Duration.ofMillis(50));
        }
    }

    private void hammer(Client client, Front front) {
        for (var family : IpFamily.values()) {
            clients.add(Thread.ofPlatform().daemon().start(() -> {
                var address = front.address(world.cluster, client.via(), family);
                var probe = client.probe().waiting(PATIENCE);
                while (!over) {
                    var result = probe.tcp(address, front.port(world.cluster));
                    connections.incrementAndGet();
                    if (!(result instanceof ProbeResult.Answer)) {
                        failures.add(client + " " + front + " " + address + ": " + result);
                    }
                    PacketLab.pause(Duration.ofMillis(10));
                }
            }));
        }
    }
}
