package io.fairlead.proxy.sync;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import java.time.Duration;

/** Told of every sync, on the loop's thread. */
public interface SyncListener {

    /** The kernel now holds {@code applied}. */
    void synced(IpFamily family, RoutingTable applied, SyncResult result, Duration duration);

    /** The kernel holds what it held before, or part of the change; it will be tried again. */
    void failed(IpFamily family, DataplaneException failure);
}
