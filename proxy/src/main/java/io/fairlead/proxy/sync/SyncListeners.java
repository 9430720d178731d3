package io.fairlead.proxy.sync;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import java.time.Duration;
import java.util.List;

/** Several listeners, told one after the other. */
public record SyncListeners(List<SyncListener> listeners) implements SyncListener {

    public SyncListeners {
        listeners = List.copyOf(listeners);
    }

    @Override
    public void synced(IpFamily family, RoutingTable applied, SyncResult result, Duration duration) {
        listeners.forEach(listener -> listener.synced(family, applied, result, duration));
    }

    @Override
    public void failed(IpFamily family, DataplaneException failure) {
        listeners.forEach(listener -> listener.failed(family, failure));
    }
}
