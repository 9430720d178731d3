package io.fairlead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private record Result(int status, String out, String err) {}

    private static Result run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = Main.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return new Result(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "help", "help proxy", "proxy --help", "proxy -h", "render --help", "trace --help"})
    void helpGoesToStandardOutput(String args) {
        var result = run(args.split(" "));
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("Usage: fairlead");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void helpHasGroupsAndHidesWhatIsDeprecated() {
        assertThat(run("proxy", "--help").out())
                .contains("Where the cluster comes from", "Rules:", "Timing:", "Node:", "--manifests")
                .doesNotContain("--healthz-port", "ipvs-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "version", "proxy --version"})
    void versionNamesTheReleaseItFollows(String args) {
        var result = run(args.split(" "));
        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("Fairlead ").contains("v1.36.2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--nosuch | unknown flag: --nosuch",
                "--nosuch=3 | unknown flag: --nosuch",
                "--proxy-mode | flag needs an argument: --proxy-mode",
                "--bind-address=xx | invalid argument \"xx\" for \"--bind-address\" flag: \"xx\" is not a valid IP address",
                "--healthz-bind-address=foo | invalid argument \"foo\" for \"--healthz-bind-address\" flag: \"foo\" is not in a valid format (ip or ip:port): address foo: missing port in address",
                "--healthz-bind-address=foo:99 | flag: \"foo\" is not a valid IP address",
                "--healthz-bind-address=1.2.3.4:99999 | flag: \"99999\" is not a valid number",
                "--conntrack-min=x | invalid argument \"x\" for \"--conntrack-min\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
                "--v=abc | invalid argument \"abc\" for \"-v, --v\" flag: strconv.ParseUint: parsing \"abc\": invalid syntax",
                "--feature-gates=Foo=bar | invalid argument \"Foo=bar\" for \"--feature-gates\" flag: invalid value of Foo: bar, err: strconv.ParseBool: parsing \"bar\": invalid syntax",
                "--masquerade-all=maybe | strconv.ParseBool: parsing \"maybe\": invalid syntax",
                "--iptables-sync-period=5 | flag: time: missing unit in duration \"5\"",
                "--version=bad | invalid argument \"bad\" for \"--version\" flag: strconv.ParseBool: parsing \"bad\": invalid syntax",
                "--version=v1.36.9 | version \"v1.36.9\" must match major/minor/patch of default version \"v1.36.2\"",
                "foo | does not take any arguments, got [\"foo\"]",
            })
    void usageErrorsAreOneLineAndStatus2(String arg, String expected) {
        var result = run("proxy", arg);
        assertThat(result.err())
                .startsWith("fairlead proxy: ")
                .contains(expected)
                .hasLineCount(1);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void calledAsKubeProxyItSaysAndReturnsWhatKubeProxyDoes() {
        assertThat(run("kube-proxy", "--version").out()).isEqualTo("Kubernetes v1.36.2\n");
        var result = run("kube-proxy", "--nosuch");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith("kube-proxy: unknown flag: --nosuch");
        assertThat(run("kube-proxy", "--config=/nonexistent.yaml").err()).startsWith("kube-proxy: failed complete: ");
    }

    @Test
    void rawVersionHasTheShapeThatScriptsKnow() {
        assertThat(run("proxy", "--version=raw").out())
                .startsWith("version.Info{Major:\"1\", Minor:\"36\", EmulationMajor:\"\",")
                .contains("GitVersion:\"v1.36.2\"", "Platform:\"linux/")
                .endsWith("\"}\n");
    }

    @Test
    void aVersionToReportLetsTheCommandGoOn(@TempDir Path folder) {
        var file = folder.resolve("out.yaml");
        assertThat(run("proxy", "--version=v1.36.2-vendor+1", "--write-config-to=" + file)
                        .status())
                .isZero();
        assertThat(file).exists();
        assertThat(run("proxy", "--version=false", "--write-config-to=" + file).status())
                .isZero();
    }

    @Test
    void aMistypedFlagGetsASuggestion() {
        assertThat(run("proxy", "--masquerad-all").err()).contains("did you mean --masquerade-all?");
    }

    @Test
    void noCommandIsAUsageError() {
        assertThat(run().status()).isEqualTo(2);
        assertThat(run().err()).hasLineCount(1).contains("fairlead proxy --help");
    }

    @Test
    void underscoresAndEmptyArgumentsAreAccepted(@TempDir Path folder) throws IOException {
        var file = folder.resolve("out.yaml");
        var result = run("proxy", "", "--masquerade_all", "--write_config_to=" + file);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(Files.readString(file)).contains("masqueradeAll: true");
    }

    @Test
    void aWrittenConfigurationReadsBackAsItself(@TempDir Path folder) throws IOException {
        var first = folder.resolve("first.yaml");
        var second = folder.resolve("second.yaml");
        run("proxy", "--proxy-mode=nftables", "--bind-address=::", "--v=2", "--write-config-to=" + first);
        run("proxy", "--config=" + first, "--write-config-to=" + second);
        assertThat(second).hasSameTextualContentAs(first);
        assertThat(Files.readString(first))
                .contains("nodePortAddresses:\n- primary\n")
                .contains("bindAddress: '::'\n");
    }

    @Test
    void failuresAreOneLineAndStatus1() {
        var result = run("proxy", "--config=/nonexistent.yaml");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("fairlead proxy: failed complete: open /nonexistent.yaml: no such file or directory\n");
    }

    @Test
    void hostileNamesCannotMakeASecondLine() {
        assertThat(run("proxy", "--no\nsuch\u001b[2J").err()).hasLineCount(1).doesNotContain("\u001b");
        assertThat(run("proxy", "--proxy-mode=a\nb").err()).hasLineCount(1);
    }

    @Test
    void deprecatedPortFlagsAreAnnounced() {
        assertThat(run("proxy", "--healthz-port=0", "--proxy-mode=bad").err())
                .startsWith("Flag --healthz-port has been deprecated, ");
    }

    @Test
    void renderTakesRuleFlagsOnly() {
        assertThat(run("render", "--help").out())
                .contains("--masquerade-all", "--cluster-cidr", "--no-nfacct")
                .doesNotContain("--conntrack-min", "--kubeconfig");
        assertThat(run("render", "-f", "x.yaml", "--cluster-cidr=nonsense").err())
                .startsWith("fairlead render: failed validate: ")
                .hasLineCount(1);
    }

    @Test
    void renderNeedsFiles() {
        var result = run("render");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1).contains("--filename");
    }

    @Test
    void theDaemonsStartMakesNoOtherCommand() {
        assertThat(Main.commandLine("proxy").getSubcommands()).containsOnlyKeys("proxy");
        assertThat(Main.commandLine("kube-proxy").getSubcommands()).containsOnlyKeys("proxy");
        assertThat(Main.commandLine("--help").getSubcommands())
                .containsKeys(
                        "proxy", "render", "trace", "explain", "plan", "audit", "state", "lab", "version", "help");
    }
}
