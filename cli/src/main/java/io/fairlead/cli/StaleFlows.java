package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.conntrack.Frontend;
import io.fairlead.proxy.conntrack.ReconcileObserver;
import io.fairlead.proxy.conntrack.Reconciler;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.iptables.LocalFacts;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Has stale UDP flows ended after each sync, beside the loop. Syncs that compared all rules with the kernel have the flows
 * of all Services looked at: whoever changed the rules may have let flows begin that are wrong. Called on the loop's thread,
 * unless a method says otherwise; closed after the loop.
 */
final class StaleFlows implements SyncListener, AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(30);

    private final LocalFacts facts;
    private final ReconcileObserver observer;
    private final Map<IpFamily, Predecessor> predecessors;
    private final Map<IpFamily, Set<Frontend>> servedBefore = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, Reconciler> reconcilers = new ConcurrentHashMap<>();

    StaleFlows(Map<IpFamily, Predecessor> predecessors, LocalFacts facts, ReconcileObserver observer) {
        this.predecessors = predecessors;
        this.facts = facts;
        this.observer = observer;
    }

    /** Must be called before the first sync, which removes what the predecessor left. */
    void awaitPredecessors() {
        predecessors.forEach((family, predecessor) -> servedBefore.put(family, predecessor.frontends()));
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable applied, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        reconcilers
                .computeIfAbsent(
                        family,
                        _ -> Reconciler.start(
                                family,
                                servedBefore.getOrDefault(family, Set.of()),
                                this::machineAddresses,
                                observer,
                                RETRY))
                .applied(applied, result.full());
    }

    /** Rules that others had left are gone: they may have let flows begin after these were looked at. From any thread. */
    void lookAgain() {
        reconcilers.values().forEach(Reconciler::lookAgain);
    }

    private Predicate<IpAddress> machineAddresses() {
        return new HashSet<>(facts.addresses())::contains;
    }

    @Override
    public void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {
        // The kernel may hold part of the change; the next sync that succeeds has flows compared with all of it.
    }

    /** Waits a few seconds for what was synced last. */
    @Override
    public void close() {
        reconcilers.values().forEach(Reconciler::close);
    }
}
