package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.netfilter.iptables.Ruleset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link AuditTest}, on the real kernel: iptables-save before the sabotage and after the repair are the same. */
@Tag("kernel")
class SabotageKernelTest {

    private static final int DEEDS = 25;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> PROGRAMS = List.of(
            "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    private final String namespace = "fl" + ProcessHandle.current().pid() + "-sab";

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
    void everyDeedIsNamedAndUndoneToTheByte(String backend, IpFamily family) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var programs = realPrograms(backend);
        var iptables = Iptables.probe(family, programs);
        var run = new SyncRun(seed, family, programs, () -> Ruleset.empty(family), false);
        for (int i = 0; i < 15; i++) {
            run.change();
        }
        run.syncFully();
        var random = new Random(seed);
        var before = listing(iptables);
        assertThat(run.audit()).as("an untouched kernel").isEmpty();
        for (int i = 0; i < DEEDS; i++) {
            var sabotage = Sabotage.of(before, random);
            restore(programs, family, sabotage.listing());

            assertThat(run.audit()).as("after %s", sabotage).anySatisfy(finding -> {
                assertThat(finding.kind()).isEqualTo(sabotage.kind());
                assertThat(finding.expected().orElse("") + finding.found().orElse(""))
                        .contains(sabotage.text());
            });
            run.syncFully();
            assertThat(listing(iptables)).as("mended %s", sabotage).isEqualTo(before);
        }
        assertThat(run.audit()).isEmpty();
    }

    /** Without counters and comments, which change by themselves. */
    private static String listing(Iptables iptables) throws Exception {
        var lines = new ArrayList<String>();
        iptables.saveLines(lines::add);
        return lines.stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.replaceFirst("\\[\\d+:\\d+]", "[0:0]"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private static void restore(CommandRunner programs, IpFamily family, String listing) throws IOException {
        var program = family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
        var output = new ByteArrayOutputStream();
        var exit = programs.run(
                List.of(program),
                stdin -> stdin.write(listing.getBytes(StandardCharsets.UTF_8)),
                stdout -> stdout.transferTo(output),
                LIMIT);
        assertThat(exit.status()).as(exit.stderr()).isZero();
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
}
