package io.fairlead.cli.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.goldens.Golden;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What nftables mode writes for the recorded clusters, asked on paper and tried in the kernel: real packets do what the table
 * says. That the table says what iptables mode says is shown without packets.
 */
@Tag("kernel")
class NftGoldenOracleTest {

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
    void packetsDoWhatTheTableSays(Golden golden, IpFamily family) throws Exception {
        var trial = ModeTrial.nftables(lab, OracleCluster.of(golden), family);
        assertThat(trial.problems(FLOWS, new Random(golden.name().hashCode()))).isEmpty();
    }
}
