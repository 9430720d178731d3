package io.fairlead.bench;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A running {@code fairlead proxy}. What it has done is known from its log: asking the kernel would cost it time. */
final class Daemon {

    /** Everything is known, nothing is written yet. */
    static final Pattern KNOWN = Pattern.compile("Using iptables Proxier");

    static final Pattern FIRST_SYNC =
            Pattern.compile("First sync complete\\W+ipFamily=\\W*IPv4\\W.* rulesWritten=(\\d+) .*elapsed=\\W*(\\d+)ms");

    /** Group 1 says which families will be written: {@code dual}, or a {@code single} one. */
    static final Pattern FAMILIES = Pattern.compile("kube-proxy running in (dual|single)-stack mode");

    /** The first sync of either family. */
    static final Pattern ANY_FIRST_SYNC = Pattern.compile("First sync complete");

    /** A later sync; the kernel has said yes. */
    static final Pattern SYNC = Pattern.compile(
            "SyncProxyRules complete\\W+ipFamily=\\W*IPv4\\W.* rulesWritten=(\\d+) rulesDeleted=(\\d+) .*elapsed=\\W*(\\d+)ms");

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** A line of the log and when it came, by {@link System#nanoTime}. */
    record Line(long time, String text) {}

    private final Process process;
    private final long started;
    private final Consumer<String> warnings;
    private final BlockingQueue<Line> log = new LinkedBlockingQueue<>();

    private Daemon(Process process, long started, Consumer<String> warnings) {
        this.process = process;
        this.started = started;
        this.warnings = warnings;
        Thread.ofPlatform().daemon().name("daemon-log").start(this::readLog);
    }

    /**
     * Starts it inside the namespace; it ends with the namespace.
     *
     * @param tools directory with the iptables to use
     * @param warnings gets the log's lines of warnings and errors
     * @param more options beyond those that every measurement needs
     */
    static Daemon start(
            NetworkNamespace namespace,
            List<String> program,
            Path tools,
            Path kubeconfig,
            Consumer<String> warnings,
            String... more)
            throws IOException {
        var command = new ArrayList<>(program);
        command.addAll(List.of(
                "proxy",
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=" + Workload.NODE,
                "--cluster-cidr=" + Workload.POD_CIDR,
                // In a network namespace this one cannot be set.
                "--conntrack-max-per-core=0",
                "-v=2"));
        command.addAll(List.of(more));
        var builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().merge("PATH", tools.toString(), (path, first) -> first + ":" + path);
        long now = System.nanoTime();
        return new Daemon(namespace.start(builder), now, warnings);
    }

    private void readLog() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(new Line(System.nanoTime(), line));
                if (line.startsWith("W") || line.startsWith("E")) {
                    warnings.accept(line);
                }
            }
        } catch (IOException e) {
            log.add(new Line(System.nanoTime(), "the log broke off: " + e.getMessage()));
        }
    }

    /** When it was started, by {@link System#nanoTime}. */
    long started() {
        return started;
    }

    long pid() {
        return process.pid();
    }

    /** What a line of the log said, and when it came. */
    record Found(long time, MatchResult match) {
        long number(int group) {
            return Long.parseLong(match.group(group));
        }
    }

    /** Waits for the next line that matches; those before it are dropped. */
    Found await(Pattern pattern) throws IOException, InterruptedException, TimeoutException {
        var seen = new ArrayList<String>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var line = log.poll(1, TimeUnit.SECONDS);
            if (line != null) {
                seen.add(line.text());
                var matcher = pattern.matcher(line.text());
                if (matcher.find()) {
                    return new Found(line.time(), matcher.toMatchResult());
                }
            } else if (!process.isAlive()) {
                throw new IOException("the daemon has ended:\n" + String.join("\n", seen));
            }
        }
        throw new TimeoutException("waited for \"" + pattern + "\" in vain:\n" + String.join("\n", seen));
    }

    /** Ends it and waits for its end; the rules stay. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
