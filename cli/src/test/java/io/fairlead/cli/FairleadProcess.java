package io.fairlead.cli;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real program, as a process of its own inside a network namespace. */
public final class FairleadProcess {

    private static final String SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> PROGRAMS = List.of(
            "iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore");

    /** How it ended. */
    public record Run(int status, String stdout, String stderr) {}

    private static final int USUAL_HEAP = 512;

    private final NetworkNamespace namespace;
    private final String path;
    private final List<String> prefix;
    private final int heap;

    private FairleadProcess(NetworkNamespace namespace, String path, List<String> prefix, int heap) {
        this.namespace = namespace;
        this.path = path;
        this.prefix = prefix;
        this.heap = heap;
    }

    public static FairleadProcess in(NetworkNamespace namespace) {
        return new FairleadProcess(namespace, SYSTEM_PATH, List.of(), USUAL_HEAP);
    }

    /** With at most so much heap; when it runs out, the process ends. */
    FairleadProcess withHeap(int megabytes) {
        return new FairleadProcess(namespace, path, prefix, megabytes);
    }

    /** After this shell script, in a mount namespace of its own ({@code ip netns exec} makes one). */
    FairleadProcess after(String script) {
        return new FairleadProcess(namespace, path, List.of("sh", "-euc", script + "\nexec \"$@\"", "sh"), heap);
    }

    /** With the {@code nft} or the {@code legacy} back end under iptables' plain names, as links in the build folder. */
    public FairleadProcess withBackend(String backend) throws IOException {
        var folder =
                Files.createDirectories(Path.of("target", "backends", backend).toAbsolutePath());
        for (var program : PROGRAMS) {
            var link = folder.resolve(program);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(
                        link, Path.of("/usr/sbin/" + program.replaceFirst("^(ip6?tables)", "$1-" + backend)));
            }
        }
        return new FairleadProcess(namespace, folder + ":" + SYSTEM_PATH, prefix, heap);
    }

    /** Runs Fairlead to its end. */
    public Run run(String... args) throws IOException, InterruptedException {
        return finish(start(args));
    }

    /** Starts Fairlead; ends with the namespace at the latest. */
    public Process start(String... args) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx" + heap + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.fairlead.cli.Main"));
        command.addAll(List.of(args));
        return start(command);
    }

    /** Runs another program with the same PATH and returns what it prints. */
    public String exec(String... command) throws IOException, InterruptedException {
        var run = finish(start(List.of(command)));
        if (run.status() != 0) {
            throw new IOException(String.join(" ", command) + ": status " + run.status() + ": " + run.stderr());
        }
        return run.stdout();
    }

    private Process start(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command);
        builder.environment().put("PATH", path);
        return namespace.start(builder);
    }

    private static Run finish(Process process) throws IOException, InterruptedException {
        var stderr = new StringBuilder();
        var reader = Thread.ofVirtual().start(() -> {
            try {
                stderr.append(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                stderr.append(e);
            }
        });
        var stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("did not end within two minutes: " + stderr);
        }
        reader.join();
        return new Run(process.exitValue(), stdout, stderr.toString());
    }
}
