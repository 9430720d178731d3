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

/** Told of every step of the loop, on the loop's thread, in this order. */
public interface SyncListener {

    /** Changes have come, those of the initial lists before {@link #starting} too; {@code before} does not hold them yet. */
    default void changed(ClusterImage before, List<ClusterChange> changes) {}

    /** Everything is known, and these families will be written. */
    default void starting(Set<IpFamily> families) {}

    /** A change of the family waits to be written. */
    default void queued(IpFamily family) {}

    /** Changes came that ask for no write, and the kernel already holds all that is known. */
    default void unaffected(IpFamily family) {}

    /** A sync takes all that waits. */
    default void started(IpFamily family) {}

    /**
     * The kernel now holds {@code applied}.
     *
     * @param changed the Services in which it may differ from what was applied before
     */
    default void synced(
            IpFamily family, RoutingTable applied, Set<NamespacedName> changed, SyncResult result, Duration duration) {}

    /**
     * The kernel holds what it held before, or part of the change; it will be tried again.
     *
     * @param full the sync was to compare the kernel as a whole
     */
    default void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {}
}
