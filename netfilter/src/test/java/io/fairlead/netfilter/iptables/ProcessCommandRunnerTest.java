package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProcessCommandRunnerTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BYTES = 8 << 20;

    private final ProcessCommandRunner runner = new ProcessCommandRunner();

    @Test
    void largeInputAndOutputFlowTogether() throws IOException {
        var read = new AtomicLong();
        var exit = runner.run(
                List.of("cat"),
                stdin -> stdin.write(new byte[BYTES]),
                stdout -> read.set(stdout.transferTo(OutputStream.nullOutputStream())),
                LIMIT);
        assertThat(exit.status()).isZero();
        assertThat(read).hasValue(BYTES);
    }

    @Test
    void programThatDoesNotReadItsInputStillSaysItsStatus() throws IOException {
        var exit = runner.run(List.of("false"), stdin -> stdin.write(new byte[BYTES]), stdout -> {}, LIMIT);
        assertThat(exit.status()).isEqualTo(1);
    }

    @Test
    void programThatTakesTooLongIsEnded() {
        assertThatThrownBy(() -> runner.run(
                        List.of("sleep", "60"), stdin -> {}, stdout -> stdout.readAllBytes(), Duration.ofMillis(200)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within");
    }

    @Test
    void failureOfTheWriterEndsTheProgramAndComesBack() {
        assertThatThrownBy(() -> runner.run(
                        List.of("cat"),
                        stdin -> {
                            throw new IllegalArgumentException("refused");
                        },
                        stdout -> {},
                        LIMIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refused");
    }

    @Test
    void messagesAreInTheCLocale() throws IOException {
        var exit = new ProcessCommandRunner(List.of(), Map.of("LC_ALL", "de_DE.UTF-8"))
                .run(List.of("ls", "/no/such/file"), stdin -> {}, stdout -> {}, LIMIT);
        assertThat(exit.stderr()).contains("No such file or directory");
    }
}
