package io.fairlead.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command that newcomers start with, as they start it; and that nothing is left of it, however it ends. */
@Tag("kernel")
class ReplayTest {

    /** No machine under test is so busy that rules stay this long. */
    private static final String PATIENT = "60000";

    @TempDir
    Path folder;

    private Path labs;
    private String machine = "";

    @BeforeEach
    void look() throws Exception {
        labs = folder.resolve("labs");
        machine = machine();
    }

    /** The machine's own interfaces, rules and routes. */
    private static String machine() throws IOException, InterruptedException {
        var text = new StringBuilder();
        for (var command : List.of(
                List.of("iptables-save"),
                List.of("nft", "list", "tables"),
                List.of("ip", "link"),
                List.of("ip", "route"))) {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replaceAll("\\[\\d+:\\d+]", ""))
                    .forEach(line -> text.append(line).append('\n'));
            process.waitFor();
        }
        return text.toString();
    }

    @AfterEach
    void theMachineIsAsItWas() throws Exception {
        assertThat(machine()).isEqualTo(machine);
        assertThat(Files.exists(labs)).as("the directory of labs").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void everyStepOfTheArticleComesOutAsThere(String mode) throws Exception {
        var output = folder.resolve("output");
        var process = FairleadUnderTest.start(labs, output, "lab", "replay", "--mode", mode, "--within", PATIENT);
        int status = FairleadUnderTest.await(process);
        String text = Files.readString(output);
        assertThat(status).as(text).isZero();
        assertThat(text)
                .contains("service/my-nginx-svc exposed", "<title>Welcome to nginx!</title>", "All ")
                .doesNotContain("DIFFERENT");
        assertThat(Traces.of(labs, process.pid())).isEqualTo(Traces.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"are starting", "pod/nginx created", "my-nginx-svc exposed"})
    void interruptedAtAnyStepItCleansUp(String step) throws Exception {
        var process = startAndAwait(step);
        interrupt(process);
        assertThat(FairleadUnderTest.await(process)).isNotZero();
        assertThat(Traces.of(labs, process.pid())).isEqualTo(Traces.NONE);
    }

    private Process startAndAwait(String step) throws Exception {
        var output = folder.resolve("output");
        var process = FairleadUnderTest.start(labs, output, "lab", "replay", "--within", PATIENT);
        while (process.isAlive() && !Files.readString(output).contains(step)) {
            Thread.sleep(20);
        }
        assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
        return process;
    }

    /** What Ctrl-C does. */
    private static void interrupt(Process process) throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    @Test
    void killedItIsCleanedUpByDownWhichTouchesNothingElse() throws Exception {
        var process = startAndAwait("ready after");
        process.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        var left = Traces.of(labs, process.pid());
        assertThat(left.namespaces()).isNotEmpty();
        assertThat(left.processes()).as("the proxies").isNotEmpty();

        assertThat(FairleadUnderTest.run(labs, "lab", "status"))
                .satisfies(run -> assertThat(run.status()).isEqualTo(1))
                .satisfies(run -> assertThat(run.text()).contains("ended without cleaning up"));
        var down = FairleadUnderTest.run(labs, "lab", "down");
        assertThat(down.status()).as(down.text()).isZero();
        assertThat(down.text()).contains("what it left is gone now");
        assertThat(Traces.of(labs, process.pid())).isEqualTo(Traces.NONE);
    }
}
