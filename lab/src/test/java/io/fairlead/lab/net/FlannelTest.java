package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Protocol;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is masqueraded where flannel's rules are. */
@Tag("kernel")
class FlannelTest {

    private static final int PORT = 7000;
    private static final Subnets PODS = Subnets.of("10.244.0.0/16", "fd00:10:244::/48");

    @ParameterizedTest
    @EnumSource
    void podsAreThemselvesAmongPodsAndTheirNodeOutside(IpFamily family) {
        try (var net = Topology.builder().flannel(PODS).node(1).node(1).build()) {
            var pod = net.pod("node1-pod1");
            var other = net.pod("node2-pod1");
            other.serve(Protocol.TCP, PORT);
            Echo.start(
                    Protocol.TCP,
                    net.outside().namespace(),
                    "outside",
                    net.outside().addresses().both(),
                    PORT);

            assertSeenAs(Probe.from(pod).tcp(other.address(family), PORT), pod.address(family));
            assertSeenAs(
                    Probe.from(pod).tcp(net.outside().address(family), PORT),
                    net.node("node1").address(family));
            assertSeenAs(
                    Probe.from(net.outside()).tcp(other.address(family), PORT),
                    net.outside().address(family));
        }
    }

    private static void assertSeenAs(ProbeResult result, IpAddress source) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        ProbeResult.Answer.class,
                        answer -> assertThat(answer.seenSource()).isEqualTo(source));
    }

    @ParameterizedTest
    @EnumSource
    void anAnnouncedAddressIsReachedFromEverywhere(IpFamily family) {
        var address = IpAddress.parse(family == IpFamily.IPV4 ? "192.168.100.1" : "fd00:192:168::1");
        try (var net = Topology.builder().flannel(PODS).node(1).node(1).build()) {
            var first = net.node("node1");
            net.announce(address, first);
            Echo.start(Protocol.TCP, first.namespace(), "api", List.of(address), PORT);
            for (var client : List.of(
                    first.namespace(),
                    net.node("node2").namespace(),
                    net.pod("node2-pod1").namespace(),
                    net.outside().namespace())) {
                assertThat(Probe.from(client).tcp(address, PORT)).isInstanceOf(ProbeResult.Answer.class);
            }
        }
    }
}
