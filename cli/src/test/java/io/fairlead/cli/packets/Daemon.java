package io.fairlead.cli.packets;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code fairlead} as a process of its own in a namespace, with the classes under test. */
public final class Daemon implements AutoCloseable {

    /** What the launcher starts it with, as far as it matters here. */
    private static final List<String> JVM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED");

    private final Process process;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * @param folder for its log and its lock file, which are named after the namespace
     * @param arguments of the command line, {@code proxy} first
     */
    public static Daemon start(NetworkNamespace namespace, Backend backend, Path folder, List<String> arguments) {
        var command = new ArrayList<>(JVM);
        command.addAll(List.of("-cp", classPath(), "io.fairlead.cli.Main"));
        command.addAll(arguments);
        Path log = folder.resolve(namespace.name() + ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PATH", backend.path(folder));
        // Else every namespace of the machine would wait for the same lock.
        builder.environment()
                .put(
                        "XTABLES_LOCKFILE",
                        folder.resolve(namespace.name() + ".lock").toString());
        try {
            return new Daemon(namespace.start(builder), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Surefire hides the class path of a test JVM in a jar's manifest. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** What it has written to its standard output and error so far. */
    public String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /**
     * @return its exit status
     * @throws IllegalStateException when it still runs after this long
     */
    public int awaitEnd(Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("still runs after " + longest + "; its log:\n" + log());
        }
        return process.exitValue();
    }

    /** Kills it. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
