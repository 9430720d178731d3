package io.fairlead.lab.program;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program that lives in this process: some TCP services, and whatever else it keeps open. */
final class BuiltIn implements Program {

    /** Longer than nodes take to learn that an endpoint is going. */
    private static final Duration QUIET = Duration.ofMillis(1500);

    private static final int TERMINATED = 143; // 128 + SIGTERM, what a shell reports
    private static final int KILLED = 137; // 128 + SIGKILL

    private final List<TcpService> services;
    private final List<AutoCloseable> others;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final AtomicBoolean asked = new AtomicBoolean();

    private BuiltIn(List<TcpService> services, List<AutoCloseable> others) {
        this.services = List.copyOf(services);
        this.others = List.copyOf(others);
    }

    /** Opens parts one by one; when one cannot be had those before it are closed again. */
    static final class Parts {

        private final List<TcpService> services = new ArrayList<>();
        private final List<AutoCloseable> others = new ArrayList<>();

        void add(TcpService service) {
            services.add(service);
        }

        void add(AutoCloseable other) {
            others.add(other);
        }
    }

    @FunctionalInterface
    interface Assembly {
        void addTo(Parts parts) throws IOException;
    }

    static Program assemble(Assembly assembly) throws IOException {
        var parts = new Parts();
        try {
            assembly.addTo(parts);
            return new BuiltIn(parts.services, parts.others);
        } catch (IOException | RuntimeException e) {
            new BuiltIn(parts.services, parts.others).kill();
            throw e;
        }
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void terminate() {
        if (asked.compareAndSet(false, true)) {
            Thread.ofVirtual().start(this::drain);
        }
    }

    private void drain() {
        try {
            if (services.isEmpty() && !others.isEmpty()) {
                Thread.sleep(QUIET);
            }
            for (var service : services) {
                service.drain(QUIET);
            }
            end(TERMINATED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }

    @Override
    public void kill() {
        end(KILLED);
    }

    private synchronized void end(int status) {
        if (exit.isDone()) {
            return;
        }
        services.forEach(TcpService::close);
        for (var other : others) {
            try {
                other.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing " + other, e);
            }
        }
        exit.complete(status);
    }
}
