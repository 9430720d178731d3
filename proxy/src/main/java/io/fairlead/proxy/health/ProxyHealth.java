package io.fairlead.proxy.health;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Node;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Whether what is known has been written (spec: process, section 3.10). A family is late when a change has been waiting
 * for longer than the timeout; it stays so until one of its syncs succeeds. Syncs that fail while nothing waits do no harm.
 *
 * <p>Unlike kube-proxy's, it is not healthy before every family's rules are in the kernel.
 *
 * <p>Times are taken from a steady clock, those shown from the wall. For any number of threads.
 */
public final class ProxyHealth {

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final long timeout;

    private final Map<IpFamily, Instant> updated = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Long> queued = new EnumMap<>(IpFamily.class);
    private Optional<Set<IpFamily>> expected = Optional.empty();
    private boolean eligible;

    /**
     * Nothing written yet.
     *
     * @param nanos a steady clock, {@link System#nanoTime}
     * @param timeout twice the sync period
     * @param eligible what holds as long as no Node has been seen
     */
    public ProxyHealth(InstantSource wall, LongSupplier nanos, Duration timeout, boolean eligible) {
        this.wall = wall;
        this.nanos = nanos;
        this.timeout = timeout.toNanos();
        this.eligible = eligible;
    }

    /** Which families there are. Each must have been written before anything is healthy. */
    public synchronized void expect(Set<IpFamily> families) {
        expected = Optional.of(families.isEmpty() ? Set.of() : EnumSet.copyOf(families));
    }

    /** The family's rules are in the kernel, all that was queued with them. */
    public synchronized void updated(IpFamily family) {
        queued.remove(family);
        updated.put(family, wall.instant());
    }

    /** A change waits for the family's next sync; the oldest counts. */
    public synchronized void queued(IpFamily family) {
        queued.putIfAbsent(family, nanos.getAsLong());
    }

    /** The Node as last seen; its removal does not change what was seen. */
    public synchronized void node(Node node) {
        eligible = !node.leaving();
    }

    /** Every family has been written, and none is late. */
    public synchronized boolean healthy() {
        return complete() && !late();
    }

    /** No family is late. Before the first sync there is nothing to be late with: a restart would not help. */
    public synchronized boolean live() {
        return !late();
    }

    synchronized HealthReport report() {
        var families = new TreeMap<IpFamily, HealthReport.Family>();
        updated.forEach((family, time) -> families.put(family, new HealthReport.Family(time, !late(family))));
        return new HealthReport(wall.instant(), complete(), !late(), eligible, families);
    }

    private boolean complete() {
        return expected.filter(updated.keySet()::containsAll).isPresent();
    }

    private boolean late() {
        return queued.keySet().stream().anyMatch(this::late);
    }

    private boolean late(IpFamily family) {
        var since =
                Optional.ofNullable(queued.get(family)).map(OptionalLong::of).orElse(OptionalLong.empty());
        return since.isPresent() && nanos.getAsLong() - since.getAsLong() >= timeout;
    }
}
