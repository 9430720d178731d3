package io.fairlead.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeGateTest {

    private static final long START = 1_000_000;
    private static final Duration EXISTS = Duration.ofSeconds(30);
    private static final Duration POD_CIDRS = Duration.ofMinutes(5);

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    /** Upstream waits in real time; here the recorded writes come at their times on a clock of our own. */
    @TestFactory
    Stream<DynamicTest> waitsAsUpstream() {
        return report.tests(
                "proxy/node-manager.json",
                vector -> vector.path("kind").asText().equals("newNodeManager"),
                vector -> vector.path("name").asText(),
                (vector, run) -> run.compare("the Node to begin with", () -> assertNode(vector)));
    }

    private static void assertNode(JsonNode vector) {
        boolean podCidrs = vector.path("watchPodCIDRs").asBoolean();
        var second = Duration.ofSeconds(1);
        var gate = new NodeGate(new NodeWait(second, podCidrs ? second : Duration.ZERO));
        gate.watching(START);
        Optional<Node> node = Optional.empty();
        long now = START + Duration.ofMillis(100).toNanos();
        for (var write : vector.path("nodeWrites")) {
            if (gate.isOpen(node, now)) {
                break;
            }
            node = Optional.of(node(write.path("object")));
            now += Duration.ofMillis(15).toNanos();
        }
        while (!gate.isOpen(node, now)) {
            now = gate.deadline().orElseThrow();
        }
        assertThat(now - START).isLessThanOrEqualTo(2 * second.toNanos());
        var cidrs = node.map(Node::podCidrs).orElse(List.of());
        if (!vector.path("expectedErrorContains").asText().isEmpty()) {
            assertThat(cidrs).isEmpty(); // which the process then refuses
            return;
        }
        assertThat(cidrs.stream().map(IpPrefix::toString))
                .containsExactlyElementsOf(VectorFiles.texts(vector.path("expectedPodCIDRs")));
        assertThat(node.map(Node::addresses).orElse(List.of()).stream().map(IpAddress::toString))
                .containsExactlyElementsOf(VectorFiles.texts(vector.path("expectedNodeIPs")));
    }

    private static Node node(JsonNode json) {
        var addresses = new ArrayList<IpAddress>();
        json.path("status")
                .path("addresses")
                .forEach(address ->
                        addresses.add(IpAddress.parse(address.path("address").asText())));
        return node(addresses, VectorFiles.texts(json.path("spec").path("podCIDRs")));
    }

    private static Node node(List<IpAddress> addresses, List<String> podCidrs) {
        return new Node("n", addresses, podCidrs.stream().map(IpPrefix::parse).toList(), Optional.empty());
    }

    private static final Node BARE = node(List.of(), List.of());
    private static final Node WITH_ADDRESS = node(List.of(IpAddress.parse("10.0.0.1")), List.of());
    private static final Node WITH_BOTH = node(List.of(IpAddress.parse("10.0.0.1")), List.of("10.244.0.0/24"));

    @Test
    void aNodeWithAddressesIsEnoughAndNeedsNoWatch() {
        var gate = new NodeGate(NodeWait.FOR_ADDRESSES);
        assertThat(gate.isOpen(Optional.of(BARE), START)).isFalse();
        assertThat(gate.isOpen(Optional.of(WITH_ADDRESS), START)).isTrue();
    }

    @Test
    void theClockStartsWhenTheWatchWorks() {
        var gate = new NodeGate(NodeWait.FOR_ADDRESSES);
        assertThat(gate.isOpen(Optional.empty(), START + 2 * EXISTS.toNanos())).isFalse();
        gate.watching(START);
        assertThat(gate.isOpen(Optional.empty(), START + EXISTS.toNanos() - 1)).isFalse();
        assertThat(gate.isOpen(Optional.of(BARE), START + EXISTS.toNanos())).isTrue();
    }

    @Test
    void podCidrsHaveATimeOfTheirOwnAfterTheAddresses() {
        var gate = new NodeGate(NodeWait.FOR_POD_CIDRS);
        gate.watching(START);
        long found = START + 1_000;
        assertThat(gate.isOpen(Optional.of(WITH_ADDRESS), found)).isFalse();
        assertThat(gate.isOpen(Optional.of(WITH_ADDRESS), found + POD_CIDRS.toNanos() - 1))
                .isFalse();
        assertThat(gate.isOpen(Optional.of(WITH_BOTH), found + 2)).isTrue();
        assertThat(gate.isOpen(Optional.of(WITH_ADDRESS), found + POD_CIDRS.toNanos()))
                .isTrue();
    }

    @Test
    void whereNoNodeWillComeTheSourceBeingReadIsEnough() {
        var gate = new NodeGate(NodeWait.NONE);
        assertThat(gate.isOpen(Optional.empty(), START)).isFalse();
        gate.watching(START);
        assertThat(gate.isOpen(Optional.empty(), START)).isTrue();
    }
}
