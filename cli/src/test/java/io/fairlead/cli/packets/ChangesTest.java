package io.fairlead.cli.packets;

import static io.fairlead.cli.packets.Front.CLUSTER_IP;
import static io.fairlead.cli.packets.Front.NODE_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.lab.net.TcpSession;
import io.fairlead.netfilter.ip.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cluster changes under running daemons. */
@Tag("kernel")
@ExtendWith(SharedLab.class)
class ChangesTest {

    private static final LabService CHANGING = LabService.named("changing", 101);

    private final PacketLab lab;
    private final World world;
    private final Client pod;
    private final Client node;
    private final Client outside;
    private final Client outsideViaNode2;

    ChangesTest(PacketLab lab) {
        this.lab = lab;
        world = new World(lab.net());
        pod = Client.of(lab.client());
        node = Client.of(lab.node1());
        outside = Client.of(lab.net().outside(), lab.node1());
        outsideViaNode2 = Client.of(lab.net().outside(), lab.node2());
    }

    /** Makes these the only Services besides those of every test. */
    private void apply(LabService... services) {
        lab.apply(Stream.concat(world.services().stream(), Arrays.stream(services))
                .toList());
    }

    @AfterEach
    void onlyTheWorld() {
        apply();
    }

    @Test
    void deletingAServiceEndsItForNewConnectionsOnly() {
        var service = CHANGING.to(world.local1, world.remote1);
        apply(service);
        var sessions = new ArrayList<TcpSession>();
        try {
            for (var family : IpFamily.values()) {
                for (var client : List.of(pod, outside)) {
                    for (var front : Front.values()) {
                        var address = front.address(service, client.via(), family);
                        var session = client.probe().openTcp(address, front.port(service));
                        sessions.add(session);
                        assertThat(session.connect()).isEmpty();
                        assertThat(session.ask()).isInstanceOf(ProbeResult.Answer.class);
                    }
                }
            }
            apply();
            Traffic.all().forEach(traffic -> {
                traffic.isUnknown(pod, CLUSTER_IP, service);
                traffic.isUnknown(node, CLUSTER_IP, service);
                traffic.isUnknown(outside, Front.EXTERNAL_IP, service);
                traffic.isUnknown(outside, Front.LOAD_BALANCER_IP, service);
                for (var client : List.of(outside, outsideViaNode2)) {
                    assertThat(traffic.send(client.impatient(), NODE_PORT, service))
                            .as("a port like any other, closed")
                            .isNotInstanceOf(ProbeResult.Answer.class);
                }
            });
            assertThat(sessions)
                    .allSatisfy(session -> assertThat(session.ask()).isInstanceOf(ProbeResult.Answer.class));
        } finally {
            sessions.forEach(TcpSession::close);
        }
    }

    @Test
    void endpointsComeAndGo() {
        for (var endpoints : List.of(Set.of(world.local1), world.all, world.remote, world.local)) {
            apply(CHANGING.to(endpoints.toArray(LabPod[]::new)));
            Traffic.all().forEach(traffic -> everyoneReaches(traffic, endpoints));
        }
    }

    @Test
    void aServiceLosesAllItsEndpointsAndGetsThemBack() {
        apply(CHANGING.to(world.local1));
        Traffic.all().forEach(traffic -> everyoneReaches(traffic, Set.of(world.local1)));
        apply(CHANGING);
        Traffic.all().forEach(traffic -> traffic.isRefused(List.of(pod, outside), List.of(Front.values()), CHANGING));
        apply(CHANGING.to(world.remote1));
        Traffic.all().forEach(traffic -> everyoneReaches(traffic, Set.of(world.remote1)));
    }

    @Test
    void aPodThatStartsLaterIsReached() {
        try (var late = lab.node2().addPod("late", 40)) {
            PacketLab.serve(late);
            apply(CHANGING.to(world.local1, late));
            Traffic.all().forEach(traffic -> everyoneReaches(traffic, Set.of(world.local1, late)));
            apply(CHANGING.to(world.local1));
        }
        Traffic.all().forEach(traffic -> everyoneReaches(traffic, Set.of(world.local1)));
    }

    private void everyoneReaches(Traffic traffic, Set<LabPod> endpoints) {
        traffic.reaches(pod, CLUSTER_IP, CHANGING, endpoints);
        traffic.reachesMasqueraded(node, CLUSTER_IP, CHANGING, endpoints);
        for (var front : Front.EXTERNAL) {
            traffic.reachesMasqueraded(outside, front, CHANGING, endpoints);
        }
        traffic.reachesMasqueraded(outsideViaNode2, NODE_PORT, CHANGING, endpoints);
    }

    @Test
    void policiesChange() {
        var service = CHANGING.to(world.local1, world.remote1);
        var both = Set.of(world.local1, world.remote1);
        for (int round = 0; round < 2; round++) {
            apply(service.withExternalLocal());
            Traffic.all().forEach(traffic -> {
                traffic.reaches(outside, Front.LOAD_BALANCER_IP, service, Set.of(world.local1));
                traffic.reaches(outsideViaNode2, NODE_PORT, service, Set.of(world.remote1));
                traffic.reaches(pod, CLUSTER_IP, service, both);
            });
            apply(service.withInternalLocal());
            Traffic.all().forEach(traffic -> {
                traffic.reachesMasqueraded(outside, Front.LOAD_BALANCER_IP, service, both);
                traffic.reaches(pod, CLUSTER_IP, service, Set.of(world.local1));
            });
        }
        apply(service.fromRanges("192.0.2.0/24", "2001:db8:2::/64"));
        Traffic.all().forEach(traffic -> traffic.isDropped(outside, Front.LOAD_BALANCER_IP, service));
        apply(service);
        Traffic.all().forEach(traffic -> traffic.reachesMasqueraded(outside, Front.LOAD_BALANCER_IP, service, both));
    }

    @Test
    void aServiceMovesToOtherAddressesAndPorts() {
        var before = CHANGING.to(world.local1, world.remote1);
        apply(before);
        var after = new LabService(before.name(), 102, false, false, List.of(), 0, before.endpoints());
        apply(after);
        Traffic.all().forEach(traffic -> {
            traffic.isUnknown(pod, CLUSTER_IP, before);
            traffic.isUnknown(outside, Front.LOAD_BALANCER_IP, before);
            assertThat(traffic.send(outside.impatient(), NODE_PORT, before)).isNotInstanceOf(ProbeResult.Answer.class);
            for (var front : Front.EXTERNAL) {
                traffic.reachesMasqueraded(outside, front, after, Set.of(world.local1, world.remote1));
            }
        });
    }

    @Test
    void aClientWithAffinityMovesWhenItsEndpointGoes() {
        var service = CHANGING.withAffinity(10_800);
        apply(service.to(world.local1, world.local2, world.remote1, world.remote2));
        var chosen = new HashMap<Traffic, String>();
        Traffic.all().forEach(traffic -> chosen.put(traffic, traffic.server(outside, NODE_PORT, service)));
        for (var gone : world.all) {
            var rest = world.all.stream().filter(other -> other != gone).toArray(LabPod[]::new);
            apply(service.to(rest));
            Traffic.all().forEach(traffic -> {
                String now = traffic.server(outside, NODE_PORT, service);
                if (chosen.get(traffic).equals(gone.name())) {
                    assertThat(now).isNotEqualTo(gone.name());
                    chosen.put(traffic, now);
                } else {
                    assertThat(now).isEqualTo(chosen.get(traffic));
                }
            });
        }
    }

    @Test
    void aBrokenManifestChangesNothing() {
        apply(CHANGING.to(world.local1));
        lab.write("manifests/cluster.json", "{\"kind\":\"List\",\"items\":[{\"kind\":\"Service\"");
        PacketLab.pause(Duration.ofMillis(500));
        Traffic.all().forEach(traffic -> everyoneReaches(traffic, Set.of(world.local1)));
        assertThat(lab.daemon(lab.node1()).log())
                .contains("cluster.json:1: ")
                .contains("what its last good version gave is kept");
    }
}
