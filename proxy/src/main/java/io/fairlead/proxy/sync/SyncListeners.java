package io.fairlead.proxy.sync;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Several listeners as one, each told in turn. */
public record SyncListeners(List<SyncListener> listeners) implements SyncListener {

    public SyncListeners {
        listeners = List.copyOf(listeners);
    }

    @Override
    public void changed(ClusterImage before, List<ClusterChange> changes) {
        listeners.forEach(listener -> listener.changed(before, changes));
    }

    @Override
    public void starting(Set<IpFamily> families) {
        listeners.forEach(listener -> listener.starting(families));
    }

    @Override
    public void queued(IpFamily family) {
        listeners.forEach(listener -> listener.queued(family));
    }

    @Override
    public void unaffected(IpFamily family) {
        listeners.forEach(listener -> listener.unaffected(family));
    }

    @Override
    public void started(IpFamily family) {
        listeners.forEach(listener -> listener.started(family));
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable applied, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        listeners.forEach(listener -> listener.synced(family, applied, changed, result, duration));
    }

    @Override
    public void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {
        listeners.forEach(listener -> listener.failed(family, full, failure, duration));
    }
}
