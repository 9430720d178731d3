package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.Conntrack;
import io.fairlead.netfilter.conntrack.ConntrackEvent;
import io.fairlead.netfilter.conntrack.ConntrackEvents;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections that Services' endpoints get, and what they carry, from connection tracking: it listens to flows that
 * come and go, and lists those that are open when somebody asks. So a flow counts once, however long or short it is, unless more
 * begin and end than can be listened to.
 *
 * <p>The kernel tells packets and bytes only with {@code net.netfilter.nf_conntrack_acct=1}, of flows that began since.
 */
public final class TrafficMeter implements TrafficSource, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TrafficMeter.class);

    /** Some 8,000 events. */
    private static final int QUEUE_BYTES = 4 << 20;

    /** Before and after a listing so many messages are heard. */
    private static final int AT_ONCE = 20_000;

    /** How long who asks may wait before the listing begins. */
    private static final Duration TURN = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Supplier<Collection<RoutingTable>> applied;
    private final TrafficTally tally;
    private final ConntrackEvents events;
    private final LinkedBlockingQueue<CompletableFuture<TrafficReport>> questions = new LinkedBlockingQueue<>();
    private final Thread worker;
    private volatile boolean closing;

    private TrafficMeter(Supplier<Collection<RoutingTable>> applied, int limit, ConntrackEvents events) {
        this.applied = applied;
        this.events = events;
        tally = new TrafficTally(limit, Instant.now());
        worker = Thread.ofPlatform().daemon().name("traffic").unstarted(this::work);
    }

    /**
     * Begins to count, what is open included.
     *
     * @param applied what the kernel routes by, whenever it is asked
     * @param limit so many endpoints are counted one by one
     * @throws IOException when this kernel tells nothing of connections
     */
    public static TrafficMeter start(Supplier<Collection<RoutingTable>> applied, int limit) throws IOException {
        var meter = new TrafficMeter(applied, limit, ConntrackEvents.open(QUEUE_BYTES));
        meter.worker.start();
        return meter;
    }

    @Override
    public TrafficReport read() throws IOException {
        var question = new CompletableFuture<TrafficReport>();
        questions.add(question);
        try {
            return question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IOException("connections could not be listed within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        }
    }

    private void work() {
        try (events) {
            answer(new CompletableFuture<>());
            while (!closing) {
                hear(events.next(TURN));
                var asked = questions.poll();
                if (asked != null) {
                    answer(asked);
                }
                tally.forgetEnded();
            }
        } catch (IOException e) {
            log.atError().addKeyValue("err", e).log("Connections of Services are not counted any more");
            closing = true;
        }
        questions.forEach(question -> question.completeExceptionally(new IOException("nothing is counted any more")));
    }

    private void hear(List<ConntrackEvent> heard) {
        if (heard.isEmpty()) {
            return;
        }
        tally.routing(applied.get());
        for (var event : heard) {
            switch (event) {
                case ConntrackEvent.Created(var flow) -> tally.created(flow);
                case ConntrackEvent.Destroyed(var flow) -> tally.destroyed(flow);
                case ConntrackEvent.Lost() -> tally.lost();
            }
        }
    }

    /** The end of a flow is told before it leaves the table: who is not in the list has been heard of by the end of it. */
    private void answer(CompletableFuture<TrafficReport> asked) throws IOException {
        boolean complete = hearAll();
        tally.routing(applied.get());
        tally.beginListing();
        try (var table = Conntrack.open()) {
            for (var family : IpFamily.values()) {
                complete &= table.list(family, tally::listed);
            }
        } catch (IOException e) {
            tally.endListing(false);
            asked.completeExceptionally(e);
            return;
        }
        complete &= hearAll();
        tally.endListing(complete);
        asked.complete(tally.report());
    }

    /** @return false when more keeps coming than can be waited for */
    private boolean hearAll() throws IOException {
        for (int i = 0; i < AT_ONCE; i++) {
            var heard = events.next(Duration.ZERO);
            if (heard.isEmpty()) {
                return true;
            }
            hear(heard);
        }
        return false;
    }

    @Override
    public void close() {
        closing = true;
        try {
            worker.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
