package io.fairlead.proxy.sync;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.source.ClusterSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop: one thread owns the image, the desired routing of each family and the timing. Sources post changes to it;
 * each family's dataplane runs on a virtual thread of its own and posts its outcome back, so a slow kernel never delays
 * the other family or the intake.
 *
 * <p>Nothing is written before all Services, all EndpointSlices and this Node are known: what would be written earlier
 * could only be wrong (kube-proxy does not wait for the Node, and serves the wrong zone's endpoints meanwhile).
 */
public final class SyncLoop implements ClusterSource.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SyncLoop.class);

    private final SyncSettings settings;
    private final Function<Optional<Node>, List<Family>> start;
    private final SyncListener listener;
    private final ScheduledThreadPoolExecutor loop;
    private final Set<ClusterSource.Kind> awaited = EnumSet.allOf(ClusterSource.Kind.class);
    private final Map<IpFamily, FamilySync> families = new EnumMap<>(IpFamily.class);
    private final Map<IpFamily, ScheduledFuture<?>> timers = new EnumMap<>(IpFamily.class);
    private ClusterImage image = ClusterImage.EMPTY;
    private final NodeGate node;
    private OptionalLong nodeTimer = OptionalLong.empty();
    private boolean started;

    /** How one family is routed and written. */
    public record Family(Router router, Dataplane dataplane) {}

    /**
     * A loop that waits for its first events.
     *
     * @param start called once, when everything is known, with this Node if there is one; what it gives is written from
     *     then on, and if that is nothing the loop has nothing to do any more
     */
    public SyncLoop(SyncSettings settings, Function<Optional<Node>, List<Family>> start, SyncListener listener) {
        this.settings = settings;
        node = new NodeGate(settings.nodeWait());
        this.start = start;
        this.listener = listener;
        loop = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("sync").daemon(true).factory());
        loop.setRemoveOnCancelPolicy(true);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Whoever closes the loop does not wait for the event on its way, which may want to plan another.
        loop.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void changed(List<ClusterChange> changes) {
        post(() -> replay(changes));
    }

    @Override
    public void synced(ClusterSource.Kind kind) {
        post(() -> arrived(kind));
    }

    /** Stops syncing and leaves the rules in place. A write that has begun is not waited for. */
    @Override
    public void close() {
        loop.shutdownNow();
    }

    private void post(Runnable event) {
        loop.execute(guarded(event));
    }

    /** An event that fails is a bug; it must not end the loop, which would leave the rules to rot in silence. */
    private static Runnable guarded(Runnable event) {
        return () -> {
            try {
                event.run();
            } catch (RuntimeException e) {
                log.error("An event failed; the loop goes on", e);
            }
        };
    }

    private void replay(List<ClusterChange> changes) {
        var delta = new ClusterDelta(image);
        changes.forEach(delta::replay);
        listener.changed(image, changes);
        image = delta.apply();
        if (!started) {
            if (delta.nodeChanged()) {
                startWhenReady();
            }
            return;
        }
        for (var family : families.values()) {
            if (family.update(image, delta.touchedServices())) {
                listener.queued(family.family());
            } else if (family.upToDate()) {
                listener.unaffected(family.family());
            }
            arm(family);
        }
    }

    private void arrived(ClusterSource.Kind kind) {
        if (kind == ClusterSource.Kind.NODE) {
            node.watching(System.nanoTime());
        } else {
            awaited.remove(kind);
        }
        startWhenReady();
    }

    private void startWhenReady() {
        if (started) {
            return;
        }
        if (awaited.contains(ClusterSource.Kind.NODE)) {
            lookAtNode();
        }
        if (!awaited.isEmpty()) {
            return;
        }
        started = true;
        var toWrite = start.apply(image.node());
        if (toWrite.isEmpty()) {
            return;
        }
        listener.starting(
                toWrite.stream().map(family -> family.router().family()).collect(Collectors.toSet()));
        for (var family : toWrite) {
            var pacer = new Pacer(
                    settings.minSyncPeriod(), settings.syncPeriod(), settings.fullSyncPeriod(), System.nanoTime());
            var sync = new FamilySync(family.router(), family.dataplane(), pacer, settings.fullSyncPeriod());
            families.put(family.router().family(), sync);
            sync.update(image, image.services().keySet());
            sync.requestFull();
            listener.queued(sync.family());
            arm(sync);
            sync.dataplane().watch(() -> post(() -> repair(sync)));
        }
        long period = settings.syncPeriod().toNanos();
        var _ = loop.scheduleWithFixedDelay(guarded(this::lookForFlushes), period, period, TimeUnit.NANOSECONDS);
    }

    private void lookAtNode() {
        long now = System.nanoTime();
        if (!node.isOpen(image.node(), now)) {
            if (!nodeTimer.equals(node.deadline())) {
                nodeTimer = node.deadline();
                var _ = loop.schedule(
                        guarded(this::startWhenReady), nodeTimer.orElseThrow() - now, TimeUnit.NANOSECONDS);
            }
            return;
        }
        awaited.remove(ClusterSource.Kind.NODE);
        if (settings.nodeWait().equals(NodeWait.NONE)) {
            return;
        }
        if (image.node().isEmpty()) {
            log.atError().addKeyValue("node", settings.nodeName()).log("Timed out waiting for node to exist");
        } else if (image.node().get().addresses().isEmpty()) {
            log.atError().addKeyValue("node", settings.nodeName()).log("Timed out waiting for node to be assigned IPs");
        }
    }

    /** Sets the family's timer to when its pacer wants to run. */
    private void arm(FamilySync sync) {
        var family = sync.family();
        var timer = timers.remove(family);
        if (timer != null) {
            timer.cancel(false);
        }
        sync.pacer()
                .delay(System.nanoTime())
                .ifPresent(delay ->
                        timers.put(family, loop.schedule(guarded(() -> run(sync)), delay, TimeUnit.NANOSECONDS)));
    }

    private void run(FamilySync sync) {
        var run = sync.begin(System.nanoTime());
        listener.started(sync.family());
        Thread.ofVirtual().name("apply-" + sync.family()).start(() -> apply(sync, run));
    }

    private void apply(FamilySync sync, FamilySync.Run run) {
        long begin = System.nanoTime();
        try {
            var result = sync.dataplane().apply(run.desired(), run.changed(), run.full());
            var duration = since(begin);
            post(() -> succeeded(sync, run, result, duration));
        } catch (DataplaneException e) {
            var duration = since(begin);
            post(() -> failed(sync, run, e, duration));
        } catch (RuntimeException e) {
            var family = sync.family();
            var bug = new DataplaneException("Sync of " + family + " met a bug: " + e, e);
            var duration = since(begin);
            post(() -> failed(sync, run, bug, duration));
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void succeeded(FamilySync sync, FamilySync.Run run, SyncResult result, Duration duration) {
        sync.end(run, true, System.nanoTime());
        arm(sync);
        listener.synced(sync.family(), run.desired(), run.changed(), result, duration);
    }

    private void failed(FamilySync sync, FamilySync.Run run, DataplaneException failure, Duration duration) {
        sync.end(run, false, System.nanoTime());
        arm(sync);
        listener.failed(sync.family(), run.full(), failure, duration);
    }

    private void lookForFlushes() {
        for (var sync : new ArrayList<>(families.values())) {
            Thread.ofVirtual().name("canary-" + sync.family()).start(() -> {
                var missing = sync.dataplane().flushed();
                if (!missing.isEmpty()) {
                    post(() -> mend(sync, missing));
                }
            });
        }
    }

    private void repair(FamilySync sync) {
        sync.requestRepair(System.nanoTime());
        listener.queued(sync.family());
        arm(sync);
    }

    private void mend(FamilySync sync, Set<String> missing) {
        log.atInfo()
                .addKeyValue("ipFamily", sync.family())
                .addKeyValue("missing", missing)
                .log("Tables were flushed by somebody else, comparing and mending all of them");
        sync.requestFull();
        listener.queued(sync.family());
        arm(sync);
    }
}
