package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fairlead.proxy.config.ConfigWriter;
import io.fairlead.proxy.config.GoDuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Upstream's own cases of flags, with and without a file; run where the environment variable FAIRLEAD_VECTORS says. */
class OptionVectorsTest {

    @TempDir
    Path folder;

    @Test
    void flagsAndFilesAmountToWhatUpstreamMakesOfThem() throws Exception {
        var vectors = System.getenv("FAIRLEAD_VECTORS");
        if (vectors == null) {
            System.out.println("vectors config/options.json: skipped, FAIRLEAD_VECTORS is not set");
            return;
        }
        var failures = new ArrayList<String>();
        int passed = 0;
        for (var vector : new ObjectMapper()
                .readTree(Path.of(vectors, "config/options.json").toFile())) {
            try {
                switch (vector.path("kind").asText()) {
                    case "complete" -> complete(vector);
                    case "v1alpha1Flags" -> flags(vector);
                    case "addressFromDeprecatedFlags" -> addresses(vector);
                    default -> {
                        continue;
                    }
                }
                passed++;
            } catch (AssertionError | RuntimeException e) {
                failures.add(vector.path("test").asText() + ": " + e);
            }
        }
        System.out.println("vectors config/options.json: " + passed + " passed, " + failures.size() + " failed");
        assertThat(failures).isEmpty();
        assertThat(passed).isEqualTo(17);
    }

    private void complete(JsonNode vector) throws Exception {
        var flags = new ArrayList<String>();
        vector.path("flags").forEach(flag -> flags.add(flag.asText()));
        String file = vector.path("configFile").asText();
        if (!file.isEmpty()) {
            flags.add("--config=" + Files.writeString(folder.resolve("config.yaml"), file));
        }
        var options = new ProxyCommand();
        new CommandLine(options).parseArgs(flags.toArray(String[]::new));
        // Upstream's own case sets vmodule with format json, which is refused later.
        String written = ConfigWriter.write(options.completed());
        assertThat(new ObjectMapper(new YAMLFactory()).readTree(written)).isEqualTo(vector.at("/expected/v1alpha1"));
    }

    private static void flags(JsonNode vector) {
        var flags = new ArrayList<String>();
        vector.path("flags").forEach(flag -> flags.add(flag.asText()));
        var options = new ProxyCommand();
        new CommandLine(options).parseArgs(flags.toArray(String[]::new));
        var config = options.completed();
        var expected = vector.path("result");
        assertThat(GoDuration.format(config.syncPeriod()))
                .isEqualTo(expected.path("SyncPeriod").asText());
        assertThat(GoDuration.format(config.minSyncPeriod()))
                .isEqualTo(expected.path("MinSyncPeriod").asText());
        assertThat(config.detectLocal().clusterCidrs())
                .hasSize(expected.path("ClusterCIDRs").size());
        expected.path("ClusterCIDRs")
                .forEach(cidr -> assertThat(config.detectLocal().clusterCidrs()).contains(cidr.asText()));
    }

    private static void addresses(JsonNode vector) {
        var servers = new ServerFlags();
        servers.healthz = vector.path("healthzBindAddress").asText();
        servers.healthzPort = vector.path("healthzPort").asInt();
        servers.metrics = vector.path("metricsBindAddress").asText();
        servers.metricsPort = vector.path("metricsPort").asInt();
        assertThat(servers.healthzBindAddress(true))
                .isEqualTo(vector.path("expHealthz").asText());
        assertThat(servers.metricsBindAddress(true))
                .isEqualTo(vector.path("expMetrics").asText());
    }
}
