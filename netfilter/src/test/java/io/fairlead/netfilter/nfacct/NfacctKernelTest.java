package io.fairlead.netfilter.nfacct;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Counters belong to the namespace of the process, so the test runs a JVM of its own in one. */
@Tag("kernel")
class NfacctKernelTest {

    private final String namespace = "fl" + ProcessHandle.current().pid() + "n";
    private final ProcessCommandRunner runner = new ProcessCommandRunner();

    @BeforeEach
    void makeNamespace() throws Exception {
        assertThat(run("ip", "netns", "add", namespace)).isEmpty();
    }

    @AfterEach
    void removeNamespace() throws Exception {
        run("ip", "netns", "del", namespace);
    }

    @Test
    void counterIsAbsentThenThereAndCountsNothing() throws Exception {
        var output = run(
                "ip",
                "netns",
                "exec",
                namespace,
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CounterSession.class.getName());
        assertThat(output)
                .containsExactly(
                        "Optional.empty", "Optional[Counter[name=fairlead_test, packets=0, bytes=0]]", "false");
    }

    private List<String> run(String... argv) throws Exception {
        var lines = new ArrayList<String>();
        var exit = runner.run(
                List.of(argv),
                stdin -> {},
                stdout -> new String(stdout.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                        .lines()
                        .forEach(lines::add),
                Duration.ofSeconds(60));
        assertThat(exit.stderr()).isEmpty();
        assertThat(exit.status()).isZero();
        return lines;
    }

    /** What runs inside the namespace. */
    static final class CounterSession {

        public static void main(String[] args) throws Exception {
            try (var nfacct = Nfacct.open()) {
                System.out.println(nfacct.get("fairlead_test"));
                nfacct.ensure("fairlead_test");
                nfacct.ensure("fairlead_test");
                System.out.println(nfacct.get("fairlead_test"));
                System.out.println(nfacct.add("fairlead_test"));
            }
        }
    }
}
