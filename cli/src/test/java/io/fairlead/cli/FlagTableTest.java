package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.proxy.config.ConfigWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** kube-proxy's flags, row by row: {@code flags.csv} (docs/compatibility.md says what is different, and why). */
class FlagTableTest {

    private static final String TABLE = "/io/fairlead/cli/flags.csv";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Those that are no part of the configuration, or Fairlead's own. */
    private static final Set<String> WITHOUT_TWIN = Set.of(
            "boot-id-file",
            "cleanup",
            "config",
            "help",
            "init-only",
            "inspect-bind-address",
            "machine-id-file",
            "manifests",
            "master",
            "once",
            "service-counters",
            "version",
            "write-config-to");

    @TempDir
    Path folder;

    /**
     * @param twin the field of the configuration, as a JSON pointer
     * @param unset its value without the flag
     * @param set its value with the flag
     * @param beatsFile what becomes of the flag beside {@code --config}: I ignored, W wins, M merged
     */
    @ParameterizedTest
    @CsvFileSource(resources = TABLE, delimiter = '|', numLinesToSkip = 1, quoteCharacter = '`')
    void theFlagSetsItsTwinHasItsDefaultAndItsPlaceBesideAFile(
            String flag, String twin, String unset, String set, String beatsFile) throws IOException {
        var words = flag.split(" ", -1);
        assertThat(field(List.of(modeOf(words)), twin)).as("default").isEqualTo(unset);
        assertThat(field(List.of(words), twin)).as("by flag").isEqualTo(set);
        var file = Files.writeString(
                folder.resolve("config.yaml"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: %s
                """.formatted(modeOf(words).replace("--proxy-mode=", "")));
        var beside = new ArrayList<>(List.of(words));
        beside.add("--config=" + file);
        assertThat(field(beside, twin)).as("beside --config").isEqualTo(beatsFile.equals("I") ? unset : set);
    }

    /** A row that needs a mode to have an effect gives it first. */
    private static String modeOf(String[] words) {
        return words[0].startsWith("--proxy-mode=") && words.length > 1 ? words[0] : "--proxy-mode=iptables";
    }

    private static String field(List<String> flags, String pointer) {
        var command = new ProxyCommand();
        new CommandLine(command).setOverwrittenOptionsAllowed(true).parseArgs(flags.toArray(String[]::new));
        var node = JSON.valueToTree(ConfigWriter.document(command.completed())).at(pointer);
        return node.isMissingNode() ? "-" : node.isTextual() ? node.asText() : node.toString();
    }

    @Test
    void theTableHasEveryFlag() throws IOException {
        var inTable = new TreeSet<>(WITHOUT_TWIN);
        try (var table = FlagTableTest.class.getResourceAsStream(TABLE)) {
            new String(table.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\\|", 2)[0].strip().replaceFirst("^--proxy-mode=\\w+ (?=--)", ""))
                    .forEach(line -> inTable.add(line.replaceFirst("^-+", "").replaceFirst("[= ].*", "")));
        }
        assertThat(FlagValues.of(new CommandLine(new ProxyCommand()).getCommandSpec())
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(inTable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--logtostderr",
                "--alsologtostderr",
                "--log-dir=x",
                "--log-file=x",
                "--stderrthreshold=0",
                "--add-dir-header",
                "--skip-headers",
                "--proxy-port-range=1-2",
                "--udp-timeout=1s",
                "--windows-service",
                "--source-vip=x",
                "--network-name=x",
                "--enable-dsr",
                "--root-hnsendpoint-name=x",
                "--forward-healthcheck-vip"
            })
    void whatWasRemovedAndWhatIsOfWindowsIsUnknown(String flag) {
        var err = new java.io.ByteArrayOutputStream();
        int status = Main.run(
                new String[] {"kube-proxy", flag},
                System.out,
                new java.io.PrintStream(err, true, java.nio.charset.StandardCharsets.UTF_8));
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8))
                .startsWith("kube-proxy: unknown flag: " + flag.replaceFirst("=.*", ""));
    }

    /** Spec: process, sections 1.2 and 1.4: what a reader of the flags' names would not expect. */
    @Test
    void pitfallsOfFlags() throws IOException {
        assertThat(field(List.of("--metrics-bind-address="), "/metricsBindAddress"))
                .as("does not switch the server off")
                .isEqualTo("127.0.0.1:10249");
        assertThat(field(List.of("--bind-address=fd00::1"), "/healthzBindAddress"))
                .as("flags do not follow an IPv6 bind address, files do")
                .isEqualTo("0.0.0.0:10256");
        assertThat(field(List.of("--healthz-bind-address=1.2.3.4:5", "--healthz-port=6"), "/healthzBindAddress"))
                .as("an address with a port keeps it")
                .isEqualTo("1.2.3.4:5");
        assertThat(field(List.of("--proxy-mode=ipvs"), "/ipvs/minSyncPeriod"))
                .as("1s by flags, 0s from a file")
                .isEqualTo("1s");
        var split = Files.writeString(folder.resolve("split.yaml"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: ipvs
                featureGates: {LoggingAlphaOptions: true}
                logging: {options: {text: {splitStream: true, infoBufferSize: 1Ki}}}
                iptables: {minSyncPeriod: 0s}
                """);
        var beside = "--config=" + split;
        assertThat(field(List.of(beside), "/ipvs/minSyncPeriod")).isEqualTo("0s");
        assertThat(field(List.of(beside), "/logging/options/text/splitStream"))
                .as("in a file it has no effect")
                .isEqualTo("-");
        assertThat(field(List.of(beside), "/logging/options/text/infoBufferSize"))
                .isEqualTo("1Ki");
        assertThat(field(List.of(beside, "--vmodule=a=1"), "/logging/vmodule/0/filePattern"))
                .isEqualTo("a");
        assertThat(field(List.of(beside, "--feature-gates=AllAlpha=false"), "/featureGates"))
                .isEqualTo(JSON.writeValueAsString(Map.of("LoggingAlphaOptions", true)));
    }
}
