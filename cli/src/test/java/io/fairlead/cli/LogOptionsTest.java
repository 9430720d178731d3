package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.proxy.config.LoggingConfig.FormatOptions;
import io.fairlead.proxy.config.LoggingConfig.VmoduleItem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The flags of logging do what they say. */
class LogOptionsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "reflector=4, io.fairlead.proxy.source.Reflector, TRACE, ACCEPT",
        "reflector=2, io.fairlead.proxy.source.Reflector, TRACE, NEUTRAL",
        "reflector=2, io.fairlead.proxy.source.Reflector, DEBUG, ACCEPT",
        "ref*=2, io.fairlead.proxy.source.Reflector, DEBUG, ACCEPT",
        "*source*=2, io.fairlead.proxy.source.Reflector, DEBUG, NEUTRAL",
        "io/fairlead/proxy/source/*=2, io.fairlead.proxy.source.Reflector, DEBUG, ACCEPT",
        "io/fairlead/*=2, io.fairlead.proxy.source.Reflector, DEBUG, NEUTRAL",
        "syncloo?=2, io.fairlead.proxy.sync.SyncLoop, DEBUG, ACCEPT",
        "lister=4, io.fairlead.proxy.sync.SyncLoop, DEBUG, NEUTRAL",
    })
    void vmoduleAddsLinesOfTheFilesItNames(String item, String logger, String level, FilterReply reply) {
        var parts = item.split("=", 2);
        var filter = new Vmodule(List.of(new VmoduleItem(parts[0], Long.parseLong(parts[1]))));
        assertThat(filter.decide(
                        null, new LoggerContext().getLogger(logger), Level.toLevel(level), "", new Object[0], null))
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "64Ki, 65536", "1.5k, 1500", "1e3, 1000", "2500m, 2", "100Gi, 2147483639", "-5, 0"})
    void buffersAreQuantities(String quantity, int bytes) {
        assertThat(new FormatOptions(true, quantity).bufferBytes()).isEqualTo(bytes);
    }

    @Test
    @Tag("kernel")
    void splitStreamsAndBuffersLoseNothingAndFlagsAreListedFirst() throws Exception {
        try (var daemon = DaemonUnderTest.with("logs", ApiServer.builder().tls().tokens("a-token"))) {
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig("a-token"));
            var process = daemon.start(
                    kubeconfig,
                    "-v=1",
                    "--feature-gates=LoggingAlphaOptions=true",
                    "--log-text-split-stream",
                    "--log-text-info-buffer-size=1Mi",
                    "--log-flush-frequency=1h");
            daemon.awaitRules("default/web -> 10.244.0.1:80");
            daemon.await(() -> daemon.healthz() == 200, "not healthy");
            assertThat(process.getInputStream().available()).as("held back").isZero();
            process.toHandle().destroy(); // the process' own method would close our end of its output
            var stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(stdout.lines().toList())
                    .allMatch(line -> line.startsWith("I"))
                    .anyMatch(line -> line.endsWith("] FLAG: --log-text-info-buffer-size=\"1Mi\""))
                    .anyMatch(line -> line.contains(DaemonUnderTest.SYNCED))
                    .last()
                    .asString()
                    .contains("Stopping; the rules stay in place");
            var flags = FlagValues.of(new CommandLine(new ProxyCommand()).getCommandSpec())
                    .keySet();
            assertThat(stdout.lines()
                            .takeWhile(line -> line.contains("] FLAG: --"))
                            .map(line -> line.replaceFirst(".*] FLAG: --([^=]+)=\".*\"$", "$1")))
                    .as("all of them, also those that are hidden, in order, before anything else")
                    .containsExactlyElementsOf(new TreeSet<>(flags))
                    .contains("healthz-port", "ipvs-scheduler");
            assertThat(daemon.log(line -> line.startsWith("E")))
                    .anyMatch(line -> line.contains("nodePortAddresses is unset"));
            assertThat(daemon.log(line -> line.startsWith("I")))
                    .as("from before the options were known")
                    .singleElement()
                    .asString()
                    .endsWith("] \"Using iptables proxy\"");
        }
    }
}
