package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.Front.CLUSTER_IP;
import static io.fairlead.cli.packets.Front.LOAD_BALANCER_IP;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.Subnets;
import io.fairlead.netfilter.ip.IpFamily;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Client-IP affinity, with twelve addresses of the outside client: that all of them choose the same of four endpoints by
 * chance, or each of them the same as before, happens once in ten million times.
 */
@Tag("kernel")
@ExtendWith(SharedLab.class)
class AffinityTest {

    private static final List<Addresses> CLIENTS = IntStream.range(100, 112)
            .mapToObj(Subnets.of("192.168.77.0/24", "fd00:77::/64")::host)
            .toList();

    private final PacketLab lab;
    private final World world;
    private final Client outside;

    AffinityTest(PacketLab lab) {
        this.lab = lab;
        world = new World(lab.net());
        outside = Client.of(lab.net().outside(), lab.node1());
    }

    @BeforeEach
    void manyClients() {
        addresses("add", "nodad");
    }

    @AfterEach
    void oneClient() {
        addresses("delete");
    }

    private void addresses(String verb, String... options) {
        var batch = CLIENTS.stream()
                .flatMap(client -> client.both().stream())
                .map(ip -> "address " + verb + " " + ip + (ip.family() == IpFamily.IPV4 ? "/24 " : "/64 ")
                        + String.join(" ", options) + " dev eth0\n")
                .collect(Collectors.joining());
        lab.net().outside().namespace().execWithInput(batch, "ip", "-batch", "-");
    }

    @ParameterizedTest
    @MethodSource("io.fairlead.cli.packets.Traffic#all")
    void aClientStaysWithItsEndpointAndClientsDiffer(Traffic traffic) {
        var first = servers(traffic, world.sticky);
        for (int i = 0; i < 4; i++) {
            assertThat(servers(traffic, world.sticky)).isEqualTo(first);
        }
        assertThat(Set.copyOf(first.values())).as("clients differ").hasSizeGreaterThan(1);
        var pod = Client.of(lab.client());
        var tally = pod.probe()
                .many(traffic.protocol(), world.sticky.clusterIps().of(traffic.family()), LabService.PORT, 40);
        assertThat(tally.failures()).isEmpty();
        assertThat(tally.answers()).hasSize(1);
        assertThat(traffic.server(pod, CLUSTER_IP, world.sticky))
                .isIn(tally.answers().keySet());
    }

    @Test
    void affinityEndsAfterItsTime() {
        var first = Traffic.all().collect(Collectors.toMap(t -> t, t -> servers(t, world.brief)));
        PacketLab.pause(Duration.ofMillis(2_300));
        first.forEach((traffic, before) ->
                assertThat(servers(traffic, world.brief)).as(traffic.toString()).isNotEqualTo(before));
    }

    private Map<Addresses, String> servers(Traffic traffic, LabService service) {
        var servers = new HashMap<Addresses, String>();
        for (var client : CLIENTS) {
            servers.put(client, traffic.server(outside.as(client, traffic.family()), LOAD_BALANCER_IP, service));
        }
        return servers;
    }
}
