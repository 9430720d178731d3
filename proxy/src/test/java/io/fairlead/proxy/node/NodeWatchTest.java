package io.fairlead.proxy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeWatchTest {

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    @TestFactory
    Stream<DynamicTest> endsWhereUpstreamExits() {
        return report.tests(
                "proxy/node-manager.json",
                vector -> vector.path("kind").asText().startsWith("onNode"),
                vector -> vector.path("test").asText(),
                (vector, run) -> run.compare("exit", () -> {
                    var start = node(vector.path("initialNodeIPs"), vector.path("initialPodCIDRs"));
                    var watch = new NodeWatch(
                            "n",
                            Optional.of(start),
                            vector.path("watchPodCIDRs").asBoolean());
                    if (vector.path("kind").asText().equals("onNodeDelete")) {
                        watch.deleted();
                        return;
                    }
                    var now = node(vector.path("updatedNodeIPs"), vector.path("updatedPodCIDRs"));
                    assertThat(watch.changed(now))
                            .isEqualTo(!vector.path("expectedExitCode").isNull());
                }));
    }

    private static Node node(JsonNode ips, JsonNode cidrs) {
        return new Node(
                "n",
                VectorFiles.texts(ips).stream().map(IpAddress::parse).toList(),
                VectorFiles.texts(cidrs).stream().map(IpPrefix::parse).toList(),
                Optional.empty());
    }

    @Test
    void podCidrsThatDoNotMatterMayChange() {
        var start = new Node("n", List.of(), List.of(IpPrefix.parse("10.0.0.0/24")), Optional.empty());
        var later = new Node("n", List.of(), List.of(IpPrefix.parse("10.1.0.0/24")), Optional.empty());
        assertThat(new NodeWatch("n", Optional.of(start), false).changed(later)).isFalse();
        assertThat(new NodeWatch("n", Optional.of(start), true).changed(later)).isTrue();
    }

    @Test
    void aNodeHasAtMostOneIpOfEachFamily() {
        var addresses = Stream.of("10.0.0.1", "10.0.0.2", "fd00::1", "203.0.113.1", "fd00::2")
                .map(IpAddress::parse)
                .toList();
        assertThat(NodeWatch.nodeIps(new Node("n", addresses, List.of(), Optional.empty())))
                .containsExactly(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1"));
    }
}
