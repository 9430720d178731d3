package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.nftables.PacketFate.Distribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** kube-proxy's recorded iptables rules, ours and our nftables table do the same with every packet. */
class GoldenModesTest {

    private static final int PROBES = 40;

    static Stream<Arguments> clusters() {
        return RecordedCluster.all().stream()
                .flatMap(cluster -> Stream.of(IpFamily.values()).map(family -> Arguments.of(cluster, family)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clusters")
    void packetsFareAlike(RecordedCluster cluster, IpFamily family) throws Exception {
        var modes = cluster.modes(family);
        var probes = probes(modes, cluster.name().hashCode());
        var recorded = BothModes.tracer(modes.machine(), cluster.recorded(family));
        for (var probe : probes) {
            var theirs = Distribution.of(recorded, probe.packet());
            var ours = Distribution.of(modes.iptables(), probe.packet());
            assertThat(ours.agreesWith(theirs))
                    .as("%s: kube-proxy %s, ours %s", probe, theirs, ours)
                    .isTrue();
        }
        assertThat(modes.differences(probes))
                .filteredOn(difference -> difference.reason().isEmpty())
                .isEmpty();
    }

    @Test
    void anEndpointElsewhereThatReachesItselfKeepsItsAddress() throws Exception {
        var cluster = RecordedCluster.all().stream()
                .filter(each -> each.name().equals("cluster-ip-basic"))
                .findFirst()
                .orElseThrow();
        var modes = cluster.modes(IpFamily.IPV4);
        assertThat(modes.differences(allProbes(modes)))
                .extracting(difference -> difference.reason().orElseThrow())
                .contains(ModeDifference.HAIRPIN_OF_AN_ENDPOINT_ELSEWHERE);
    }

    private static List<Probe> probes(BothModes modes, long seed) {
        var all = allProbes(modes);
        Collections.shuffle(all, new Random(seed));
        return all.subList(0, Math.min(PROBES, all.size()));
    }

    private static List<Probe> allProbes(BothModes modes) {
        var family = modes.family();
        return new ArrayList<>(Probe.all(
                modes,
                Probe.addresses(
                        family, "203.0.113.5", "192.168.7.9", "10.210.40.99", "2001:db8:113::5", "fd00:210::99"),
                Probe.addresses(family, "10.244.0.77", "10.244.9.1", "fd00:10:244::77", "fd00:244::77"),
                IpAddress.parse(family == IpFamily.IPV4 ? "10.96.200.200" : "fd00:10:96::c8c8")));
    }
}
