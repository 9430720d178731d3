package io.fairlead.cli.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.goldens.Golden;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clusters by chance in both modes: real packets do what the rules say. {@code -Dfairlead.oracle.clusters=500} tries more of
 * them, {@code -Dfairlead.oracle.seed=4711} begins at the one that a failure names.
 */
@Tag("kernel")
class RandomOracleTest {

    private static final int CLUSTERS = Integer.getInteger("fairlead.oracle.clusters", 6);
    private static final long SEED = Long.getLong("fairlead.oracle.seed", System.nanoTime());
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

    @Test
    void packetsDoWhatTheRulesSayInBothModes() throws Exception {
        var recorded = Golden.all().stream().map(OracleCluster::of).toList();
        for (long seed = SEED; seed < SEED + CLUSTERS; seed++) {
            var random = new Random(seed);
            var cluster = new MixedCluster(recorded, random).next();
            var family = random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
            long flows = random.nextLong();
            assertThat(ModeTrial.iptables(lab, cluster, family).problems(FLOWS, new Random(flows)))
                    .as("iptables mode, %s, seed %d", family, seed)
                    .isEmpty();
            assertThat(ModeTrial.nftables(lab, cluster, family).problems(FLOWS, new Random(flows)))
                    .as("nftables mode, %s, seed %d", family, seed)
                    .isEmpty();
        }
    }
}
