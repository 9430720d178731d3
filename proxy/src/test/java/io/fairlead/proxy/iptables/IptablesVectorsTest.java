package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.RestorePrinter;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.iptables.Target;
import io.fairlead.proxy.vectors.Replayed;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Upstream's own tests of its iptables mode, replayed: events in, rules and packet fates out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IptablesVectorsTest {

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    @TestFactory
    Stream<DynamicTest> scenarios() {
        var files = VectorFiles.scenarioFiles("iptables");
        return files.isEmpty()
                ? report.tests("iptables/Test*.json", _ -> "", (_, _) -> {})
                : files.stream()
                        .flatMap(file ->
                                report.tests(file, vector -> vector.path("id").asText(), IptablesVectorsTest::replay));
    }

    /** The recorded rules are nftables', but the same packets must go the same ways. */
    @TestFactory
    Stream<DynamicTest> nftablesScenarios() {
        var files = VectorFiles.scenarioFiles("nftables").stream()
                .filter(file -> !file.contains("TracePacket"))
                .toList();
        return files.isEmpty()
                ? report.tests("nftables/Test*.json", _ -> "", (_, _) -> {})
                : files.stream()
                        .flatMap(file ->
                                report.tests(file, vector -> vector.path("id").asText(), IptablesVectorsTest::replay));
    }

    private static void replay(JsonNode vector, VectorReport.Run run) throws Exception {
        if (!vector.path("kind").asText().equals("tracer")) {
            new Scenario(vector, run).play();
            return;
        }
        var rules = RecordedRules.state(Replayed.family(vector.path("ipFamily")), vector.path("rules"));
        for (var step : vector.path("steps")) {
            for (var flow : step.path("flows")) {
                run.compare(
                        "flow " + flow.path("name").asText(),
                        () -> Scenario.assertFlow(rules, flow, vector.path("localIPs")));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> chainNames() {
        return report.tests(
                "iptables/chain-names.json",
                vector -> vector.path("servicePortName").asText() + " "
                        + vector.path("protocol").asText() + " "
                        + vector.path("endpoint").asText(),
                (vector, run) -> run.compare("names", () -> RecordedNames.compare(vector)));
    }

    @TestFactory
    Stream<DynamicTest> helpers() {
        return report.tests(
                "iptables/helpers.json", vector -> vector.path("test").asText(), (vector, run) -> {
                    if (vector.path("kind").asText().equals("cleanupLeftovers")) {
                        run.compare("what is left", () -> assertLeftovers(vector));
                    } else {
                        run.compare("probabilities", () -> assertProbabilities(vector.path("expected")));
                    }
                });
    }

    private static void assertLeftovers(JsonNode vector) {
        var kernel = new ModelKernel(RecordedRules.state(IpFamily.IPV4, vector.path("initial")), "nf_tables");
        assertThat(IptablesCleanup.run(Iptables.probe(IpFamily.IPV4, kernel))).isTrue();
        assertThat(RulesetText.of(kernel.ruleset()))
                .containsExactlyInAnyOrderElementsOf(
                        RulesetText.of(RecordedRules.state(IpFamily.IPV4, vector.path("expectedSorted"))));
    }

    private static void assertProbabilities(JsonNode expected) {
        assertThat(expected).isNotEmpty();
        expected.properties()
                .forEach(entry -> assertThat(probabilityText(Integer.parseInt(entry.getKey())))
                        .isEqualTo(entry.getValue().asText()));
        var texts = IntStream.rangeClosed(2, 100_000)
                .mapToObj(IptablesVectorsTest::probabilityText)
                .toList();
        assertThat(texts).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    }

    /** The share of the next of {@code left} endpoints, as a restore writes it. */
    private static String probabilityText(int left) {
        RestoreScript script = sink -> {
            sink.table(Table.NAT);
            sink.append("A", Rule.of(Target.Verdict.ACCEPT, new Match.Probability(1.0 / left)));
        };
        return RestorePrinter.text(script).replaceAll("(?s).*--probability ([0-9.]+) .*", "$1");
    }
}
