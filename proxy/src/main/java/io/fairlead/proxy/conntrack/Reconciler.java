package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.routing.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Ends the stale flows of one family, on a virtual thread of its own: one pass at a time, and what is applied meanwhile is
 * dealt with in the next pass together.
 *
 * <ul>
 *   <li>Nothing is listed unless a UDP port changed, or all is to be looked at (after the start, and when rules were
 *       compared with the kernel).
 *   <li>Every table that was applied counts, also those that came and went during one pass: a Service that lived shortly
 *       leaves flows, too.
 *   <li>What could not be looked at stays due, and is tried again after {@code retry} or with the next change.
 *   <li>After a start, of frontends that are no Service's any more only those are looked at that were served before: a
 *       translated flow to any other address may be anybody's.
 * </ul>
 */
public final class Reconciler implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(5);

    /** @param table empty when it is still the one before */
    private record Applied(Optional<RoutingTable> table, boolean all) {}

    private final IpFamily family;
    private final Supplier<Predicate<IpAddress>> local;
    private final FlowTable.Opener opener;
    private final ReconcileObserver observer;
    private final Duration retry;
    private final Thread worker;

    /** What was applied, in order; an empty one is the last. */
    private final LinkedBlockingQueue<Optional<Applied>> queue = new LinkedBlockingQueue<>();

    // What follows belongs to the worker.
    private final Set<Frontend> servedBefore;
    private boolean begun;
    private final Set<Frontend> due = new HashSet<>();
    private RoutingTable last;
    private String lastFailure = "";

    Reconciler(
            IpFamily family,
            Set<Frontend> servedBefore,
            Supplier<Predicate<IpAddress>> local,
            FlowTable.Opener opener,
            ReconcileObserver observer,
            Duration retry) {
        this.family = family;
        this.local = local;
        this.opener = opener;
        this.observer = observer;
        this.retry = retry;
        this.servedBefore = Set.copyOf(servedBefore);
        last = RoutingTable.empty(family);
        worker = Thread.ofVirtual().name("conntrack-" + family).start(this::work);
    }

    /**
     * Begins its work in the kernel's network namespace of this process.
     *
     * @param servedBefore what was translated when this process began
     * @param local gives this machine's addresses as they are when asked
     * @param retry how long to wait after a failure
     */
    public static Reconciler start(
            IpFamily family,
            Set<Frontend> servedBefore,
            Supplier<Predicate<IpAddress>> local,
            ReconcileObserver observer,
            Duration retry) {
        return new Reconciler(family, servedBefore, local, FlowTable::ofKernel, observer, retry);
    }

    /**
     * The kernel now routes by this table. Returns at once.
     *
     * @param all look at the flows of all Services, not only those that changed
     */
    public void applied(RoutingTable table, boolean all) {
        queue.add(Optional.of(new Applied(Optional.of(table), all)));
    }

    /**
     * Looks at all flows once more, those of frontends that were served before this process began included. For when rules that
     * were there besides have gone: flows may have begun by them. Returns at once.
     */
    public void lookAgain() {
        queue.add(Optional.of(new Applied(Optional.empty(), true)));
    }

    private void work() {
        try {
            boolean more = true;
            while (more) {
                for (var next : take()) {
                    next.ifPresent(this::note);
                    more = next.isPresent();
                }
                if (!due.isEmpty()) {
                    reconcile();
                }
            }
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("ipFamily", family).log("Conntrack reconciliation was cut short");
        }
    }

    /** All that came since; nothing when it is time to try again. */
    private List<Optional<Applied>> take() throws InterruptedException {
        var tables = new ArrayList<Optional<Applied>>();
        var first = due.isEmpty() ? queue.take() : queue.poll(retry.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            tables.add(first);
            queue.drainTo(tables);
        }
        return tables;
    }

    private void note(Applied applied) {
        if (!begun || applied.table().isEmpty()) {
            begun = true;
            due.addAll(servedBefore);
        }
        applied.table().ifPresent(table -> {
            due.addAll(UdpServices.changed(last, table));
            last = table;
        });
        if (applied.all()) {
            due.addAll(UdpServices.of(last).backends().keySet());
        }
    }

    private void reconcile() {
        var staleness = new Staleness(family, UdpServices.of(last), due, local.get());
        try (var table = opener.open()) {
            new Reconciliation(staleness, table, observer).run();
            due.clear();
            lastFailure = "";
        } catch (IOException e) {
            say(e);
        }
    }

    /** The same failure is told once. */
    private void say(IOException failure) {
        var text = String.valueOf(failure.getMessage());
        var level = text.equals(lastFailure) ? Level.DEBUG : Level.WARN;
        lastFailure = text;
        log.atLevel(level)
                .addKeyValue("ipFamily", family)
                .addKeyValue("retryingAfter", retry)
                .addKeyValue("err", failure)
                .log("Could not end stale UDP flows; clients that keep sending may stay with endpoints that are gone");
    }

    /** Finishes what was applied so far, but waits no longer than a few seconds for it. */
    @Override
    public void close() {
        queue.add(Optional.empty());
        try {
            worker.join(PATIENCE_AT_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.interrupt();
    }
}
