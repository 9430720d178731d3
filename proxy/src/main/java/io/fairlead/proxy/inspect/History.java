package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The last {@value #CHANGES} writes, and the routing after as many of them as fit a budget. Tables share all but their
 * differences, so the budget counts the endpoints of what changed: bounded memory, whatever changes how often.
 */
final class History {

    static final int CHANGES = 1000;

    /** About 200 bytes each; see docs/performance.md. */
    private static final int ENDPOINT_BUDGET = 20_000;

    /** A routing that the kernel held. */
    record Snapshot(Instant at, RoutingTable table, int weight) {}

    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final ArrayDeque<Snapshot> snapshots = new ArrayDeque<>();
    private int weight;
    private long number;

    synchronized long next() {
        return ++number;
    }

    /** The number of the last change; 0 before the first. */
    synchronized long last() {
        return number;
    }

    synchronized void add(Change change) {
        changes.add(change);
        if (changes.size() > CHANGES) {
            changes.remove();
        }
    }

    /** Keeps what the kernel holds from now on. */
    synchronized void applied(Instant at, RoutingTable table, Collection<NamespacedName> changed) {
        boolean first = snapshots.stream().noneMatch(kept -> kept.table().family() == table.family());
        int added = first
                ? 0
                : changed.stream().mapToInt(name -> weight(table, name)).sum();
        snapshots.add(new Snapshot(at, table, added));
        weight += added;
        while (snapshots.size() > 1 && (weight > ENDPOINT_BUDGET || snapshots.size() > CHANGES)) {
            weight -= snapshots.remove().weight();
        }
    }

    private static int weight(RoutingTable table, NamespacedName name) {
        int endpoints = 4;
        for (var port : table.portsOf(name)) {
            endpoints += port.endpoints().all().size();
        }
        return endpoints;
    }

    /** The newest first. */
    synchronized List<Change> newest(int limit) {
        var newest = new ArrayList<Change>(Math.min(limit, changes.size()));
        var each = changes.descendingIterator();
        while (each.hasNext() && newest.size() < limit) {
            newest.add(each.next());
        }
        return newest;
    }

    /** What the kernel held at that time; empty when it is not kept. */
    synchronized Optional<RoutingTable> at(Instant time, IpFamily family) {
        Optional<RoutingTable> found = Optional.empty();
        for (var snapshot : snapshots) {
            if (snapshot.table().family() == family && !snapshot.at().isAfter(time)) {
                found = Optional.of(snapshot.table());
            }
        }
        return found;
    }

    /** From when on it is known what the kernel held. */
    synchronized Optional<Instant> since() {
        return Optional.ofNullable(snapshots.peek()).map(Snapshot::at);
    }
}
