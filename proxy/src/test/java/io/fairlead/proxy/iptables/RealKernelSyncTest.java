package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.netfilter.iptables.Ruleset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link IncrementalSyncTest}, on the real kernel: fewer steps, and restores that really fail. */
@Tag("kernel")
class RealKernelSyncTest {

    private static final int STEPS = 25;
    private static final List<String> PROGRAMS = List.of(
            "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    private final String namespace = "fl" + ProcessHandle.current().pid() + "-sync";

    @BeforeEach
    void makeNamespace() throws Exception {
        run("ip", "netns", "add", namespace);
    }

    @AfterEach
    void removeNamespace() throws Exception {
        run("ip", "netns", "del", namespace);
    }

    static Stream<Arguments> kernels() {
        return Stream.of("nft", "legacy")
                .flatMap(backend -> Stream.of(IpFamily.values()).map(family -> Arguments.of(backend, family)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("kernels")
    void editsAndFailuresLeadToWhatAFullRenderSays(String backend, IpFamily family) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var runner = new FailingRunner(realPrograms(backend), new Random(seed));
        var iptables = Iptables.probe(family, runner.real());
        var run = new SyncRun(seed, family, runner, () -> listing(iptables), false);
        for (int step = 0; step < STEPS; step++) {
            run.change();
            runner.mayFail();
            run.syncUntilItWorks();
            run.assertKernelIsDesired();
        }
    }

    private static Ruleset listing(Iptables iptables) {
        try {
            return iptables.save(Optional.empty());
        } catch (IptablesException e) {
            throw new AssertionError(e);
        }
    }

    private CommandRunner realPrograms(String backend) throws IOException {
        var folder =
                Files.createDirectories(Path.of("target", "backends", backend).toAbsolutePath());
        for (var program : PROGRAMS) {
            var link = folder.resolve(program);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(
                        link, Path.of("/usr/sbin/" + program.replaceFirst("^(ip6?tables)", "$1-" + backend)));
            }
        }
        var environment = Map.of("PATH", folder + ":/usr/sbin:/usr/bin:/sbin:/bin");
        return new ProcessCommandRunner(List.of("/sbin/ip", "netns", "exec", namespace), environment);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /** Now and then gives the next restore a last line that the kernel refuses, after it has committed all tables but one. */
    private static final class FailingRunner implements CommandRunner {

        private final CommandRunner real;
        private final Random random;
        private boolean mayFail;

        private FailingRunner(CommandRunner real, Random random) {
            this.real = real;
            this.random = random;
        }

        CommandRunner real() {
            return real;
        }

        void mayFail() {
            mayFail = random.nextInt(3) == 0;
        }

        @Override
        public Exit run(List<String> argv, Input input, Output output, Duration limit) throws IOException {
            if (!mayFail || !argv.getFirst().endsWith("-restore")) {
                return real.run(argv, input, output, limit);
            }
            mayFail = false;
            var text = new ByteArrayOutputStream();
            input.writeTo(text);
            var broken = text.toString(StandardCharsets.UTF_8).replaceFirst("COMMIT\n$", "-X NO-SUCH-CHAIN\nCOMMIT\n");
            return real.run(argv, stdin -> stdin.write(broken.getBytes(StandardCharsets.UTF_8)), output, limit);
        }
    }
}
