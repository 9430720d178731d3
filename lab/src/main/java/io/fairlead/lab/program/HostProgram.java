package io.fairlead.lab.program;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A program of this machine in a pod's network namespace; it sees the machine's files and processes. */
public final class HostProgram implements Program {

    private final Process process;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private HostProgram(Process process) {
        this.process = process;
        // Not Process.onExit: it needs a thread of the common pool, which others may block.
        Thread.ofVirtual().start(this::awaitExit);
    }

    /** @param environment in addition to this process's */
    public static Program start(Container container, List<String> command, Map<String, String> environment)
            throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().putAll(container.environment());
        var process = container.namespace().start(builder);
        process.getOutputStream().close();
        // A platform thread: reading a pipe holds on to the carrier of a virtual one.
        Thread.ofPlatform()
                .daemon()
                .name(container.pod() + "-log")
                .start(() -> container.log().pump(process.getInputStream()));
        return new HostProgram(process);
    }

    private void awaitExit() {
        try {
            exit.complete(process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void terminate() {
        process.destroy();
    }

    @Override
    public void kill() {
        var all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        exit.join();
    }
}
