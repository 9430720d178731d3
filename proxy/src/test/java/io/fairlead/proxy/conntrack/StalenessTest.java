package io.fairlead.proxy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowTuple;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StalenessTest {

    private static final String DNS = "10.96.0.10";
    private static final Predicate<IpAddress> LOCAL =
            Set.of(IpAddress.parse("192.168.0.2"), IpAddress.parse("127.0.0.1"))::contains;

    private final Cluster cluster = new Cluster();

    @Test
    void aFlowToAnEndpointThatIsGoneIsStaleAndOneToAnEndpointThatStaysIsNot() {
        var before = cluster.put("dns", DNS, "10.244.0.1", "10.244.0.2");
        var staleness = change(before, cluster.put("dns", DNS, "10.244.0.2", "10.244.0.3"));
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, "10.244.0.1", 5353))).isTrue();
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, "10.244.0.2", 5353))).isFalse();
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, "10.244.0.2", 5354)))
                .as("its port changed")
                .isTrue();
    }

    @Test
    void anEndpointThatNoLongerServesLosesItsFlows() {
        var before = cluster.put("dns", DNS, "10.244.0.1", "10.244.0.2");
        var staleness = change(before, cluster.put("dns", DNS, "-10.244.0.1", "10.244.0.2"));
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, "10.244.0.1", 5353))).isTrue();
    }

    @Test
    void aFlowFromBeforeTheServiceIsStale() {
        var before = cluster.put("other", "10.96.0.11", "10.244.0.9");
        var staleness = change(before, cluster.put("dns", DNS, "10.244.0.1"));
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, DNS, 53))).isTrue();
        assertThat(staleness.isStale(Cluster.udp(DNS, 54, DNS, 54)))
                .as("not a port of the Service")
                .isFalse();
    }

    @Test
    void withoutServingEndpointsEveryFlowOfTheServiceIsStale() {
        var before = cluster.put("dns", DNS, "10.244.0.1");
        var staleness = change(before, cluster.put("dns", DNS));
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, "10.244.0.1", 5353))).isTrue();
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, DNS, 53))).isTrue();
    }

    @Test
    void ofADeletedServiceOnlyTranslatedFlowsAreStale() {
        var before = cluster.put("dns", DNS, 30053, List.of("192.0.2.1"), "10.244.0.1");
        var staleness = change(before, cluster.delete("dns"));
        for (var address : List.of(DNS, "192.0.2.1")) {
            assertThat(staleness.isStale(Cluster.udp(address, 53, "10.244.0.1", 5353)))
                    .isTrue();
            assertThat(staleness.isStale(Cluster.udp(address, 53, address, 53))).isFalse();
        }
        assertThat(staleness.isStale(Cluster.udp("192.168.0.2", 30053, "10.244.0.1", 5353)))
                .isTrue();
        assertThat(staleness.isStale(Cluster.udp("192.168.0.2", 30053, "192.168.0.2", 30053)))
                .isFalse();
    }

    @Test
    void aServiceThatMovesToAnotherAddressLeavesNoFlowsAtTheOldOne() {
        var before = cluster.put("dns", DNS, 0, List.of("192.0.2.1"), "10.244.0.1");
        var staleness = change(before, cluster.put("dns", DNS, 0, List.of("192.0.2.2"), "10.244.0.1"));
        assertThat(staleness.isStale(Cluster.udp("192.0.2.1", 53, "10.244.0.1", 5353)))
                .isTrue();
        assertThat(staleness.isStale(Cluster.udp("192.0.2.2", 53, "192.0.2.2", 53)))
                .isTrue();
        assertThat(staleness.isStale(Cluster.udp(DNS, 53, "10.244.0.1", 5353))).isFalse();
    }

    @Test
    void anAddressThatAnotherServiceTakesOverKeepsTheFlowsThatAreRightForIt() {
        cluster.put("old", DNS, 0, List.of("192.0.2.1"), "10.244.0.1");
        var before = cluster.put("new", "10.96.0.11", 0, List.of("192.0.2.1"), "10.244.0.2");
        var staleness = change(before, cluster.delete("old"));
        assertThat(staleness.isStale(Cluster.udp("192.0.2.1", 53, "10.244.0.1", 5353)))
                .isTrue();
        assertThat(staleness.isStale(Cluster.udp("192.0.2.1", 53, "10.244.0.2", 5353)))
                .isFalse();
    }

    @Test
    void aNodePortIsOneOnThisMachinesAddressesOnly() {
        var before = cluster.table();
        var staleness = change(before, cluster.put("dns", DNS, 30053, List.of(), "10.244.0.1"));
        assertThat(staleness.isStale(Cluster.udp("192.168.0.2", 30053, "10.244.0.7", 5353)))
                .isTrue();
        assertThat(staleness.isStale(Cluster.udp("127.0.0.1", 30053, "10.244.0.1", 5353)))
                .isFalse();
        assertThat(staleness.isStale(Cluster.udp("8.8.8.8", 30053, "8.8.8.8", 30053)))
                .as("a pod's own flow to the outside")
                .isFalse();
    }

    @Test
    void otherProtocolsAndOtherPeoplesTranslationsAreLeftAlone() {
        var before = cluster.put("dns", DNS, "10.244.0.1");
        var staleness = change(before, cluster.delete("dns"));
        assertThat(staleness.isStale(Cluster.flow(FlowTuple.TCP, DNS, 53, "10.244.0.1", 5353)))
                .isFalse();
        assertThat(staleness.isStale(Cluster.flow(FlowTuple.SCTP, DNS, 53, "10.244.0.1", 5353)))
                .isFalse();
        assertThat(staleness.isStale(Cluster.udp("192.168.0.2", 53, "172.17.0.2", 53)))
                .isFalse();
    }

    @Test
    void aServiceThatDidNotChangeIsNotLookedAt() {
        cluster.put("other", "10.96.0.11", "10.244.0.9");
        var before = cluster.put("dns", DNS, "10.244.0.1");
        var staleness = change(before, cluster.put("dns", DNS, "10.244.0.2"));
        assertThat(staleness.scope()).containsExactly(new Frontend.Address(IpAddress.parse(DNS), 53));
        assertThat(staleness.filter().destinationPort()).isEqualTo(53);
    }

    @Test
    void aChangeOfTcpPortsOnlyConcernsNoFlow() {
        var before = cluster.put("dns", DNS, "10.244.0.1");
        assertThat(UdpServices.changed(before, before)).isEmpty();
        assertThat(UdpServices.changed(RoutingTable.empty(IpFamily.IPV4), RoutingTable.empty(IpFamily.IPV4)))
                .isEmpty();
    }

    @Test
    void atRandomWhatTheRulesWouldSendThereNowIsNeverStale() {
        var random = new Random(5);
        var before = cluster.table();
        for (int step = 0; step < 2_000; step++) {
            int number = random.nextInt(8);
            var after = random.nextInt(4) == 0
                    ? cluster.delete("s" + number)
                    : cluster.put(
                            "s" + number,
                            "10.96.0." + random.nextInt(10),
                            random.nextInt(3) * 30000,
                            random.nextBoolean() ? List.of("192.0.2." + random.nextInt(3)) : List.of(),
                            random.ints(random.nextInt(4), 0, 9)
                                    .mapToObj(host -> "10.244.0." + host)
                                    .toArray(String[]::new));
            var scope = new HashSet<>(UdpServices.changed(before, after));
            var staleness = new Staleness(IpFamily.IPV4, UdpServices.of(after), scope, LOCAL);
            staleness
                    .services()
                    .backends()
                    .forEach((frontend, backends) -> backends.forEach(backend -> {
                        var to = frontend instanceof Frontend.Address address
                                ? address.address()
                                : IpAddress.parse("127.0.0.1");
                        assertThat(staleness.isStale(flow(to, frontend.port(), backend)))
                                .isFalse();
                    }));
            before = after;
        }
    }

    private static ConntrackFlow flow(IpAddress to, int port, Backend by) {
        return Cluster.udp(to.toString(), port, by.address().toString(), by.port());
    }

    private static Staleness change(RoutingTable before, RoutingTable after) {
        return new Staleness(IpFamily.IPV4, UdpServices.of(after), UdpServices.changed(before, after), LOCAL);
    }
}
