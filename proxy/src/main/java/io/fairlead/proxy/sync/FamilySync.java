package io.fairlead.proxy.sync;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * One family's desired state and what of it is not in the kernel yet. A run takes the pending work with it; a failure
 * brings it back. Used on the loop's thread only.
 */
final class FamilySync {

    /** The work of one run. */
    record Run(RoutingTable desired, Set<NamespacedName> changed, boolean full) {}

    private final Router router;
    private final Dataplane dataplane;
    private final Pacer pacer;
    private final long fullSyncPeriod;
    private RoutingTable desired;
    private Set<NamespacedName> pending = new HashSet<>();
    private boolean cidrsPending;
    private boolean repairPending;
    private boolean fullPending = true;
    private long lastFull;

    FamilySync(Router router, Dataplane dataplane, Pacer pacer, Duration fullSyncPeriod) {
        this.router = router;
        this.dataplane = dataplane;
        this.pacer = pacer;
        this.fullSyncPeriod = fullSyncPeriod.toNanos();
        desired = RoutingTable.empty(router.family());
    }

    IpFamily family() {
        return dataplane.family();
    }

    Dataplane dataplane() {
        return dataplane;
    }

    Pacer pacer() {
        return pacer;
    }

    RoutingTable desired() {
        return desired;
    }

    /**
     * Recomputes the routing of these Services, and takes over the Service CIDRs; asks for a run when that changed anything.
     *
     * @return whether it did
     */
    boolean update(ClusterImage image, Collection<NamespacedName> touched) {
        var update = router.update(desired, image, touched);
        boolean cidrsDiffer = !update.table().serviceCidrs().equals(desired.serviceCidrs());
        boolean differs = cidrsDiffer || !update.changed().isEmpty();
        desired = update.table();
        if (differs) {
            pending.addAll(update.changed());
            cidrsPending |= cidrsDiffer;
            pacer.request();
        }
        return differs;
    }

    /** Nothing waits and nothing is under way: the kernel holds what is desired. */
    boolean upToDate() {
        return pending.isEmpty() && !cidrsPending && !repairPending && !fullPending && !pacer.running();
    }

    /** Somebody else has changed what was written. */
    void requestRepair(long now) {
        repairPending = true;
        pacer.urge(now);
    }

    void requestFull() {
        fullPending = true;
        pacer.request();
    }

    /** Begins a run; it is full when asked for, or when the last full one was too long ago. */
    Run begin(long now) {
        var run = new Run(desired, pending, fullPending || now - lastFull >= fullSyncPeriod);
        pending = new HashSet<>();
        cidrsPending = false;
        repairPending = false;
        fullPending = false;
        pacer.started();
        return run;
    }

    void end(Run run, boolean success, long now) {
        if (!success) {
            pending.addAll(run.changed());
            fullPending = true;
        } else if (run.full()) {
            lastFull = now;
        }
        pacer.finished(now, success);
    }
}
