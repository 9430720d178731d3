package io.fairlead.proxy.metrics;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Moves the metrics of the loop at the moments kube-proxy moves its own. Called on the loop's thread. */
public final class SyncMetrics implements SyncListener {

    private final ProxyMetrics metrics;
    private final InstantSource clock;
    private final TriggerTimes triggers;
    private final Map<IpFamily, UnservedPorts> unserved = new EnumMap<>(IpFamily.class);
    private final Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    private final Map<IpFamily, Long> earlySlices = new EnumMap<>(IpFamily.class);
    private long earlyServices;

    /** What each changed Service was when a sync last took all changes. */
    private final Map<NamespacedName, Optional<Service>> pendingServices = new HashMap<>();

    public SyncMetrics(ProxyMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        triggers = new TriggerTimes(clock.instant());
    }

    @Override
    public void changed(ClusterImage before, List<ClusterChange> changes) {
        for (var change : changes) {
            switch (change) {
                case ClusterChange.ServiceSet(var service) -> service(before, service.name(), Optional.of(service));
                case ClusterChange.ServiceDeleted(var name) -> service(before, name, Optional.empty());
                case ClusterChange.SliceSet(var slice) -> {
                    boolean effective = !before.slice(slice.name()).equals(Optional.of(slice));
                    slice(slice.family(), effective);
                    if (effective) {
                        triggers.add(slice);
                    }
                }
                case ClusterChange.SliceDeleted(var name) ->
                    before.slice(name).ifPresent(slice -> {
                        slice(slice.family(), true);
                        triggers.forget(slice);
                    });
                case ClusterChange.NodeSet _,
                        ClusterChange.NodeDeleted _,
                        ClusterChange.ServiceCidrSet _,
                        ClusterChange.ServiceCidrDeleted _ -> {}
            }
        }
        metrics.serviceChangesPending.set(pendingServices.size());
    }

    private void service(ClusterImage before, NamespacedName name, Optional<Service> now) {
        if (families.isEmpty()) {
            earlyServices++;
        } else {
            metrics.serviceChanges.inc(families.size());
        }
        var original = pendingServices.getOrDefault(
                name, Optional.ofNullable(before.services().get(name)));
        if (original.equals(now)) {
            pendingServices.remove(name);
        } else {
            pendingServices.put(name, original);
        }
    }

    private void slice(IpFamily family, boolean effective) {
        if (families.isEmpty()) {
            earlySlices.merge(family, 1L, Long::sum);
        } else if (families.contains(family)) {
            metrics.endpointChanges.inc();
        }
        if (effective) {
            metrics.endpointChangesPending.inc();
        }
    }

    /** What the initial lists brought is counted now that it is known for which families it counts. */
    @Override
    public void starting(Set<IpFamily> toSync) {
        families.addAll(toSync);
        metrics.serviceChanges.inc((double) earlyServices * families.size());
        families.forEach(family -> metrics.endpointChanges.inc(earlySlices.getOrDefault(family, 0L)));
    }

    @Override
    public void queued(IpFamily family) {
        metrics.lastQueued.labelValues(family.toString()).set(seconds(clock.instant()));
    }

    @Override
    public void unaffected(IpFamily family) {
        programmed(family, triggers.take(family));
    }

    @Override
    public void started(IpFamily family) {
        triggers.begin(family);
        pendingServices.clear();
        metrics.serviceChangesPending.set(0);
        metrics.endpointChangesPending.set(0);
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable applied, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        var label = family.toString();
        observe(label, result.full(), duration);
        metrics.lastSync.labelValues(label).set(seconds(clock.instant()));
        if (result.drifted()) {
            metrics.restoreFailures.labelValues(label).inc();
            metrics.partialRestoreFailures.labelValues(label).inc();
            metrics.mended.labelValues(label).inc();
        }
        if (result.cleanupFailed()) {
            metrics.nftablesCleanupFailures.labelValues(label).inc();
        }
        for (var table : result.tables()) {
            metrics.rulesOwned.labelValues(table.table(), label).set(table.owned());
            metrics.rulesWritten.labelValues(table.table(), label).set(table.written());
        }
        var ports = unserved.computeIfAbsent(family, _ -> new UnservedPorts());
        ports.update(applied, changed);
        metrics.noLocalEndpoints.labelValues("internal", label).set(ports.internal());
        metrics.noLocalEndpoints.labelValues("external", label).set(ports.external());
        programmed(family, triggers.end(family));
    }

    @Override
    public void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {
        var label = family.toString();
        observe(label, full, duration);
        metrics.restoreFailures.labelValues(label).inc();
        metrics.nftablesFailures.labelValues(label).inc();
        if (!full) {
            metrics.partialRestoreFailures.labelValues(label).inc();
        }
        triggers.failed(family);
    }

    private void observe(String family, boolean full, Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        metrics.sync.labelValues(family).observe(seconds);
        (full ? metrics.fullSync : metrics.partialSync).labelValues(family).observe(seconds);
    }

    private void programmed(IpFamily family, List<Instant> triggered) {
        var now = clock.instant();
        for (var time : triggered) {
            metrics.networkProgramming
                    .labelValues(family.toString())
                    .observe(Duration.between(time, now).toNanos() / 1e9);
        }
    }

    private static double seconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / 1e9;
    }
}
