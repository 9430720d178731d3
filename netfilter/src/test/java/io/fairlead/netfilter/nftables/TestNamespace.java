package io.fairlead.netfilter.nftables;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of a test's own. What is opened in {@link #inside} stays there, whoever uses it. */
public final class TestNamespace implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CLONE_NEWNET = 0x4000_0000;

    private final String name = "fl" + ProcessHandle.current().pid() + "t" + COUNT.incrementAndGet();

    private TestNamespace() {}

    public static TestNamespace create() throws Exception {
        var namespace = new TestNamespace();
        assertThat(run(List.of("ip", "netns", "add", namespace.name), "")).isEmpty();
        return namespace;
    }

    /** Runs something in a thread that is in this namespace. */
    public <T> T inside(Callable<T> action) throws Exception {
        var task = new FutureTask<>(() -> {
            enter();
            return action.call();
        });
        // A platform thread of its own: it never comes back to the machine's namespace.
        Thread.ofPlatform().start(task).join();
        return task.get();
    }

    private void enter() throws Exception {
        var linker = Linker.nativeLinker();
        var open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        var setns = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setns"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        var close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(
                    arena.allocateFrom(Path.of("/run/netns", name).toString()), 0);
            assertThat((int) setns.invokeExact(file, CLONE_NEWNET)).isZero();
            assertThat((int) close.invokeExact(file)).isZero();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs nft in this namespace; it must succeed without a word on stderr. */
    public String nft(String... arguments) throws Exception {
        return String.join("\n", run(command("nft", arguments), ""));
    }

    /** Loads a script. */
    public void load(String script) throws Exception {
        run(command("nft", "-f", "-"), script);
    }

    public List<String> command(String program, String... arguments) {
        var argv = new ArrayList<>(List.of("ip", "netns", "exec", name, program));
        argv.addAll(List.of(arguments));
        return argv;
    }

    public static List<String> run(List<String> argv, String input) throws Exception {
        var lines = new ArrayList<String>();
        var exit = new ProcessCommandRunner()
                .run(
                        argv,
                        stdin -> stdin.write(input.getBytes(StandardCharsets.UTF_8)),
                        stdout -> new String(stdout.readAllBytes(), StandardCharsets.UTF_8)
                                .lines()
                                .forEach(lines::add),
                        Duration.ofSeconds(60));
        assertThat(exit.stderr()).isEmpty();
        assertThat(exit.status()).isZero();
        return lines;
    }

    @Override
    public void close() throws Exception {
        run(List.of("ip", "netns", "del", name), "");
    }
}
