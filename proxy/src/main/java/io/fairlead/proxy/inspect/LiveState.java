package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** What the loop believes, kept for those who ask. The loop tells it on its own thread; anybody may ask. */
public final class LiveState implements SyncListener {

    /**
     * One family's progress.
     *
     * @param applied what the kernel holds; empty before the first sync
     * @param pendingSince something waits to be written since then
     * @param failures syncs that failed since the last that did not
     */
    record Progress(
            Optional<RoutingTable> applied,
            Optional<Instant> pendingSince,
            Optional<Instant> syncedAt,
            int failures,
            String lastFailure) {

        static final Progress NONE = new Progress(Optional.empty(), Optional.empty(), Optional.empty(), 0, "");

        private Progress pending(Instant now) {
            return pendingSince.isPresent()
                    ? this
                    : new Progress(applied, Optional.of(now), syncedAt, failures, lastFailure);
        }

        private Progress taken() {
            return new Progress(applied, Optional.empty(), syncedAt, failures, lastFailure);
        }
    }

    /** The image before the last changes, and these: the next image is made when somebody asks for it. */
    private record Known(ClusterImage before, List<ClusterChange> changes) {}

    private final InstantSource clock;
    private final Instant began;
    private final History history = new History();
    private final Map<IpFamily, Progress> families = new EnumMap<>(IpFamily.class);
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(ClusterImage.EMPTY, List.of()));

    public LiveState(InstantSource clock) {
        this.clock = clock;
        began = clock.instant();
    }

    @Override
    public void changed(ClusterImage before, List<ClusterChange> changes) {
        known.set(new Known(before, changes));
    }

    @Override
    public void starting(Set<IpFamily> toWrite) {
        synchronized (families) {
            toWrite.forEach(family -> families.put(family, Progress.NONE));
        }
    }

    @Override
    public void queued(IpFamily family) {
        update(family, progress(family).pending(clock.instant()));
    }

    @Override
    public void started(IpFamily family) {
        update(family, progress(family).taken());
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable applied, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        var now = clock.instant();
        var before = progress(family);
        update(family, new Progress(Optional.of(applied), before.pendingSince(), Optional.of(now), 0, ""));
        boolean wrote = result.rulesWritten() + result.rulesDeleted() + result.chainsDeleted() > 0;
        if (before.applied().isEmpty() || !changed.isEmpty() || wrote) {
            history.applied(now, applied, changed);
            history.add(change(now, family, changed, result, duration));
        }
    }

    private Change change(
            Instant now, IpFamily family, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        return new Change(
                history.next(),
                now,
                family,
                some(changed),
                changed.size(),
                result.full(),
                result.drifted(),
                result.rulesWritten(),
                result.rulesDeleted(),
                result.chainsDeleted(),
                duration.toNanos() / 1000,
                "");
    }

    @Override
    public void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {
        var now = clock.instant();
        var before = progress(family);
        var message = String.valueOf(failure.getMessage());
        var shortened = message.length() > 400 ? message.substring(0, 400) + " …" : message;
        update(
                family,
                new Progress(
                        before.applied(),
                        before.pendingSince().or(() -> Optional.of(now)),
                        before.syncedAt(),
                        before.failures() + 1,
                        shortened));
        history.add(new Change(
                history.next(), now, family, List.of(), 0, full, false, 0, 0, 0, duration.toNanos() / 1000, shortened));
    }

    private static List<NamespacedName> some(Collection<NamespacedName> names) {
        return names.stream().sorted().limit(Change.NAMES).toList();
    }

    private void update(IpFamily family, Progress next) {
        synchronized (families) {
            families.put(family, next);
        }
    }

    private Progress progress(IpFamily family) {
        return progress().getOrDefault(family, Progress.NONE);
    }

    /** By family, those that are written. */
    Map<IpFamily, Progress> progress() {
        synchronized (families) {
            return new EnumMap<>(families);
        }
    }

    History history() {
        return history;
    }

    Instant began() {
        return began;
    }

    /** What the cluster says, as far as the loop has been told. */
    public ClusterImage image() {
        var now = known.get();
        if (now.changes().isEmpty()) {
            return now.before();
        }
        var delta = new ClusterDelta(now.before());
        now.changes().forEach(delta::replay);
        known.compareAndSet(now, new Known(delta.apply(), List.of()));
        return delta.apply();
    }

    /** What the kernel holds; empty before the family's first sync. */
    public Optional<RoutingTable> applied(IpFamily family) {
        return progress(family).applied();
    }
}
