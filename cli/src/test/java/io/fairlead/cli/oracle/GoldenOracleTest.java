package io.fairlead.cli.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.goldens.Golden;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.Tracer;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What kube-proxy wrote, asked and tried: the tracer and real packets agree on every destination and kind of client. */
@Tag("kernel")
class GoldenOracleTest {

    private static final int FLOWS = 60;
    private static OracleLab lab;

    @BeforeAll
    static void open() {
        lab = new OracleLab();
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    static Stream<Arguments> goldens() {
        return Golden.all().stream()
                .flatMap(golden -> Stream.of(IpFamily.values()).map(family -> Arguments.of(golden, family)));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void packetsDoWhatTheTracerSays(Golden golden, IpFamily family) throws Exception {
        var listing = golden.save(family)
                .lines()
                .filter(line -> !line.contains("nfacct"))
                .collect(Collectors.joining("\n", "", "\n"));
        var rules = Ruleset.parse(family, listing);
        var flows = ListingFlows.of(rules, FLOWS, new Random(golden.name().hashCode()));
        lab.load(family, listing);
        var problems = new FlowOracle(lab)
                .compare(family, new Tracer(OracleLab.host(), List.of(IptablesRules.of(rules))), flows);
        assertThat(problems).isEmpty();
    }
}
