package io.fairlead.cli.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Chromium without a window, in a network namespace, where it can reach what is served there and nothing else. Driven over
 * its DevTools protocol by the JDK's own WebSocket client.
 */
final class Browser implements AutoCloseable {

    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Path profile;
    private final ExecutorService executor;
    private final HttpClient client;
    private final DevTools tools;

    private Browser(Process process, Path profile, ExecutorService executor, HttpClient client, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.executor = executor;
        this.client = client;
        this.tools = tools;
    }

    /** Ends the test as skipped where there is no Chromium. */
    static Browser start(NetworkNamespace namespace) throws Exception {
        var program = program();
        assumeTrue(program.isPresent(), "no Chromium on this machine (Debian: apt-get install chromium)");
        var profile = Files.createTempDirectory("fairlead-browser");
        var process = namespace.start(new ProcessBuilder(
                        program.get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--disable-breakpad",
                        "--hide-scrollbars",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        try {
            return connected(namespace, process, profile);
        } catch (Exception | Error e) {
            end(process, profile);
            throw e;
        }
    }

    private static Optional<Path> program() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Threads belong to the namespace of the thread that makes them, and so do the sockets that they open. */
    private static Browser connected(NetworkNamespace namespace, Process process, Path profile) throws Exception {
        var address = address(process);
        var tools = new DevTools();
        var executor = Executors.newSingleThreadExecutor();
        var client = namespace.call(() -> {
            executor.submit(() -> {}).get();
            var inside = HttpClient.newBuilder().executor(executor).build();
            inside.newWebSocketBuilder().buildAsync(address, tools).get(30, TimeUnit.SECONDS);
            return inside;
        });
        return new Browser(process, profile, executor, client, tools);
    }

    private static URI address(Process process) throws IOException, InterruptedException {
        var found = new CompletableFuture<URI>();
        Thread.ofVirtual().start(() -> {
            try (var lines = process.errorReader()) {
                lines.lines()
                        .filter(line -> line.startsWith(LISTENING))
                        .forEach(line -> found.complete(URI.create(line.substring(LISTENING.length()))));
            } catch (IOException | UncheckedIOException e) {
                found.completeExceptionally(e);
            }
            found.completeExceptionally(new IOException("the browser ended before it listened"));
        });
        try {
            return found.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Chromium did not start", e);
        }
    }

    /** A tab with storage of its own. */
    Tab open() throws IOException, InterruptedException {
        var target = tools.call("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asText();
        var session = tools.call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asText();
        var tab = new Tab(tools, target, session);
        tab.beforeEachPage(Tab.ERRORS);
        return tab;
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        executor.shutdownNow();
        try {
            end(process, profile);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Process process, Path profile) throws IOException, InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
        for (var each : all) {
            try {
                each.onExit().get(10, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("a process of the browser does not end: " + each.pid(), e);
            }
        }
        delete(profile);
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
