package io.fairlead.proxy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowCounts;
import io.fairlead.netfilter.conntrack.FlowTuple;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TrafficTallyTest {

    private final Cluster cluster = new Cluster();

    private TrafficTally tally(int limit) {
        var tally = new TrafficTally(limit, Instant.EPOCH);
        tally.routing(List.of(cluster.table()));
        return tally;
    }

    @Test
    void aFlowCountsForTheEndpointThatAnswersWhicheverWayTheServiceWasReached() {
        cluster.put("dns", "10.96.0.10", 30053, List.of("198.51.100.1"), "10.244.0.1", "10.244.0.2");
        var tally = tally(10);
        tally.created(flow(1, FlowTuple.UDP, "10.96.0.10", 53, "10.244.0.1", 0));
        tally.created(flow(2, FlowTuple.UDP, "198.51.100.1", 53, "10.244.0.1", 0));
        tally.created(flow(3, FlowTuple.UDP, "192.168.0.2", 30053, "10.244.0.2", 0));
        tally.created(flow(4, FlowTuple.TCP, "10.96.0.10", 53, "10.244.0.2", 0));

        assertThat(connections(tally))
                .containsOnly(
                        Map.entry("default/dns:udp 10.244.0.1:5353", 2L),
                        Map.entry("default/dns:udp 10.244.0.2:5353", 1L),
                        Map.entry("default/dns:tcp 10.244.0.2:5353", 1L));
    }

    @Test
    void whatIsNoServicesDoingDoesNotCount() {
        cluster.put("dns", "10.96.0.10", "10.244.0.1");
        var tally = tally(10);
        tally.created(flow(1, FlowTuple.UDP, "10.96.0.10", 53, "172.17.0.2", 0));
        tally.created(flow(2, FlowTuple.UDP, "192.168.0.2", 53, "10.244.0.1", 0));
        tally.created(new ConntrackFlow(
                IpFamily.IPV4,
                new FlowTuple(Cluster.CLIENT, IpAddress.parse("10.244.0.1"), FlowTuple.UDP, 6000, 5353),
                new FlowTuple(IpAddress.parse("10.244.0.1"), Cluster.CLIENT, FlowTuple.UDP, 5353, 6000),
                0,
                0,
                30,
                0,
                3));

        assertThat(connections(tally)).isEmpty();
    }

    @Test
    void aFlowOfAnEndpointThatIsGoneStillCountsForIt() {
        cluster.put("dns", "10.96.0.10", "10.244.0.1");
        var tally = tally(10);
        tally.created(flow(1, FlowTuple.UDP, "10.96.0.10", 53, "10.244.0.1", 0));
        tally.routing(List.of(cluster.delete("dns")));
        tally.destroyed(flow(1, FlowTuple.UDP, "10.96.0.10", 53, "10.244.0.1", 7));

        assertThat(tally.report().endpoints())
                .containsExactly(new EndpointTraffic(
                        cluster.put("dns", "10.96.0.10", "10.244.0.1").services().values().stream()
                                .flatMap(List::stream)
                                .filter(port -> port.name().port().equals("udp"))
                                .findFirst()
                                .orElseThrow()
                                .name(),
                        "10.244.0.1:5353",
                        1,
                        counts(7)));
    }

    /** Listings may miss what happens meanwhile, ends may be told before or after, events may be lost. */
    @Property(tries = 200)
    void everyFlowCountsOnceWithAllThatItCarried(@ForAll long seed) {
        cluster.put("dns", "10.96.0.10", "10.244.0.1", "10.244.0.2", "10.244.0.3");
        var random = new Random(seed);
        var tally = tally(1 + random.nextInt(4));
        var alive = new HashMap<Integer, ConntrackFlow>();
        long flows = 0;
        long packets = 0;
        long before = 0;
        for (int step = 0; step < 300; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    var flow = flow(step, FlowTuple.UDP, "10.96.0.10", 53, "10.244.0." + (1 + random.nextInt(3)), 0);
                    alive.put(step, flow);
                    flows++;
                    if (random.nextBoolean()) { // Else it began unheard.
                        tally.created(flow);
                    }
                }
                case 1 -> {
                    for (var flow : List.copyOf(alive.values())) {
                        int more = random.nextInt(5);
                        packets += more;
                        alive.put(flow.id(), carrying(flow, flow.counts().packets() + more));
                    }
                }
                case 2 -> alive.keySet().stream().findAny().ifPresent(id -> tally.destroyed(alive.remove(id)));
                default -> {
                    var listed = new ArrayList<>(alive.values());
                    // Told to have ended, and still in the list.
                    var dying = alive.isEmpty() ? List.<ConntrackFlow>of() : List.of(listed.getFirst());
                    dying.forEach(flow -> tally.destroyed(alive.remove(flow.id())));
                    tally.beginListing();
                    listed.forEach(tally::listed);
                    tally.endListing(random.nextBoolean());
                    var sum = sum(tally);
                    assertThat(sum.connections()).isEqualTo(flows);
                    assertThat(sum.counts().packets()).isEqualTo(packets);
                }
            }
            long now = sum(tally).counts().packets();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void endpointsBeyondTheLimitCountTogetherAndThoseThatAreGoneMakeRoom() {
        cluster.put("dns", "10.96.0.10", "10.244.0.1", "10.244.0.2", "10.244.0.3");
        var tally = tally(2);
        for (int i = 1; i <= 3; i++) {
            tally.destroyed(flow(i, FlowTuple.UDP, "10.96.0.10", 53, "10.244.0." + i, 10));
        }
        assertThat(connections(tally))
                .containsOnlyKeys("default/dns:udp 10.244.0.1:5353", "default/dns:udp 10.244.0.2:5353");
        assertThat(tally.report().otherConnections()).isEqualTo(1);
        assertThat(tally.report().otherCounts()).isEqualTo(counts(10));

        tally.routing(List.of(cluster.put("dns", "10.96.0.10", "10.244.0.2", "10.244.0.3")));
        tally.destroyed(flow(4, FlowTuple.UDP, "10.96.0.10", 53, "10.244.0.3", 10));
        assertThat(connections(tally))
                .containsOnlyKeys("default/dns:udp 10.244.0.2:5353", "default/dns:udp 10.244.0.3:5353");
        assertThat(tally.report().otherConnections()).isEqualTo(2);
        assertThat(sum(tally).counts()).isEqualTo(counts(40));
    }

    private static Map<String, Long> connections(TrafficTally tally) {
        var connections = new HashMap<String, Long>();
        tally.report()
                .endpoints()
                .forEach(each -> connections.put(each.port() + " " + each.endpoint(), each.connections()));
        return connections;
    }

    private record Sum(long connections, FlowCounts counts) {}

    private static Sum sum(TrafficTally tally) {
        var report = tally.report();
        long connections = report.otherConnections();
        long packets = report.otherCounts().packets();
        long bytes = report.otherCounts().bytes();
        for (var each : report.endpoints()) {
            connections += each.connections();
            packets += each.counts().packets();
            bytes += each.counts().bytes();
        }
        return new Sum(connections, new FlowCounts(packets, bytes, 0, 0));
    }

    private static FlowCounts counts(long packets) {
        return new FlowCounts(packets, packets * 100, 0, 0);
    }

    private static ConntrackFlow carrying(ConntrackFlow flow, long packets) {
        return new ConntrackFlow(flow.family(), flow.original(), flow.reply(), 0, 0, 30, 0, flow.id(), counts(packets));
    }

    private static ConntrackFlow flow(int id, int protocol, String to, int port, String by, long packets) {
        var flow = Cluster.flow(protocol, to, port, by, 5353);
        return new ConntrackFlow(flow.family(), flow.original(), flow.reply(), 0, 0, 30, 0, id, counts(packets));
    }
}
