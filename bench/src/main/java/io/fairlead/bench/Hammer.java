package io.fairlead.bench;

import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Probe;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Short connections, one after the other, a few at a time, to both addresses of a Service. */
final class Hammer implements AutoCloseable {

    /** On a busy machine an answer may take long; a packet that went astray never gets one. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int THREADS_PER_FAMILY = 4;

    /** So that a source port comes again only when its last connection is long forgotten (60 s). */
    private static final long PAUSE_MILLIS = 5;

    private static final int PROBES_PER_SERVER = 20;

    /**
     * What came of it.
     *
     * @param failures when, where to, and what came instead of an answer
     */
    record Result(long connections, List<String> failures, Duration slowest) {}

    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private Hammer() {}

    static Hammer start(LabPod client, Addresses service, int port) {
        var hammer = new Hammer();
        var probe = Probe.from(client).waiting(PATIENCE);
        for (var address : service.both()) {
            for (int i = 0; i < THREADS_PER_FAMILY; i++) {
                hammer.threads.add(Thread.ofPlatform()
                        .daemon()
                        .name("hammer-" + address + "-" + i)
                        .start(() -> hammer.run(probe, address, port)));
            }
        }
        return hammer;
    }

    /** Who answers when a Service of so many endpoints is asked often enough. */
    static Set<String> servers(LabPod client, IpAddress address, int endpoints) {
        return Probe.from(client)
                .waiting(PATIENCE)
                .many(Protocol.TCP, address, ChurningServices.PORT, PROBES_PER_SERVER * endpoints)
                .answers()
                .keySet();
    }

    private void run(Probe probe, IpAddress address, int port) {
        try {
            while (!over) {
                long start = System.nanoTime();
                var result = probe.tcp(address, port);
                slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
                connections.incrementAndGet();
                if (!(result instanceof ProbeResult.Answer)) {
                    failures.add(Instant.now() + " " + address.withPort(port) + ": " + result);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.add(Instant.now() + " " + address.withPort(port) + ": " + e);
        }
    }

    /** Waits for the connections under way. */
    Result stop() throws InterruptedException {
        over = true;
        for (var thread : threads) {
            thread.join();
        }
        return new Result(connections.get(), List.copyOf(failures), Duration.ofNanos(slowest.get()));
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
    }
}
