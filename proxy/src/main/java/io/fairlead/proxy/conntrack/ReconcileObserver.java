package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.ip.IpFamily;
import java.time.Duration;

/** Told of each reconciliation that could list the table, on the reconciler's thread. */
@FunctionalInterface
public interface ReconcileObserver {

    /**
     * @param duration from the request for the list to the last deletion
     * @param deleted how many flows were deleted, also when a deletion failed in the end
     */
    void reconciled(IpFamily family, Duration duration, int deleted);
}
