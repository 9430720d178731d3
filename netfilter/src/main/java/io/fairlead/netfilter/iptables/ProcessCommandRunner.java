package io.fairlead.netfilter.iptables;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs programs as child processes.
 *
 * <p>Input, output and errors flow at the same time, so that no size of any of them can block. The locale is C, so that
 * messages can be recognised.
 */
public final class ProcessCommandRunner implements CommandRunner {

    private static final int MAX_STDERR = 1 << 16;
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final List<String> prefix;
    private final Map<String, String> environment;

    /** Programs as they are found through PATH. */
    public ProcessCommandRunner() {
        this(List.of(), Map.of());
    }

    /**
     * @param prefix words before every command, such as {@code ip netns exec NAME}
     * @param environment variables to set in addition to the inherited ones; a PATH is also where programs are looked for
     */
    public ProcessCommandRunner(List<String> prefix, Map<String, String> environment) {
        this.prefix = List.copyOf(prefix);
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Exit run(List<String> argv, Input input, Output output, Duration limit) throws IOException {
        var builder = new ProcessBuilder(command(argv));
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        var process = builder.start();
        var expired = new AtomicBoolean();
        var watchdog = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(limit);
                expired.set(true);
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            var stderr = CompletableFuture.supplyAsync(() -> start(process.getErrorStream()), THREADS);
            var stdin = CompletableFuture.runAsync(() -> write(process, input), THREADS);
            try (var stdout = process.getInputStream()) {
                output.readFrom(stdout);
            } catch (IOException e) {
                // A program that was ended because its input failed has no output, either: the input says why.
                process.destroyForcibly();
                stdin.join();
                throw e;
            }
            int status = process.waitFor();
            stdin.join();
            if (expired.get()) {
                throw new IOException("did not end within " + limit.toSeconds() + " s");
            }
            return new Exit(status, stderr.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            watchdog.interrupt();
            process.destroyForcibly();
        }
    }

    /** The JDK looks for programs in its own PATH, not in the one it hands on. */
    private List<String> command(List<String> argv) {
        var command = new ArrayList<>(prefix);
        command.addAll(argv);
        var first = command.getFirst();
        for (var folder : environment.getOrDefault("PATH", "").split(":", -1)) {
            if (!folder.isEmpty() && first.indexOf('/') < 0 && Files.isExecutable(Path.of(folder, first))) {
                command.set(0, Path.of(folder, first).toString());
                break;
            }
        }
        return command;
    }

    private static void write(Process process, Input input) {
        try (var stdin = process.getOutputStream()) {
            try {
                input.writeTo(stdin);
            } catch (RuntimeException e) {
                if (!(e instanceof UncheckedIOException)) {
                    // Before its input ends: what was not committed must not be.
                    process.destroyForcibly();
                    throw e;
                }
            }
        } catch (IOException e) {
            // The program has stopped reading: its status says why.
        }
    }

    /** All of it is read, the beginning is kept. */
    private static String start(InputStream stream) {
        var kept = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        try (stream) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                kept.write(buffer, 0, Math.min(read, MAX_STDERR - kept.size()));
            }
        } catch (IOException e) {
            // The program is gone; what it said until then is kept.
        }
        return kept.toString(StandardCharsets.UTF_8);
    }
}
