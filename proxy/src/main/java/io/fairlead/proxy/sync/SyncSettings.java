package io.fairlead.proxy.sync;

import java.time.Duration;

/**
 * The loop's timing.
 *
 * @param nodeName the Node it waits for
 * @param minSyncPeriod from the end of one sync to the start of the next, at least
 * @param syncPeriod until a failed sync is tried again; how often flushed tables are looked for
 * @param fullSyncPeriod how often the kernel is compared as a whole although nothing happened
 * @param nodeWait what of this Node the first sync waits for
 */
public record SyncSettings(
        String nodeName, Duration minSyncPeriod, Duration syncPeriod, Duration fullSyncPeriod, NodeWait nodeWait) {

    /** kube-proxy's full sync period. */
    public static final Duration FULL_SYNC_PERIOD = Duration.ofHours(1);

    public SyncSettings {
        if (minSyncPeriod.isNegative() || syncPeriod.compareTo(minSyncPeriod) < 0 || syncPeriod.isZero()) {
            throw new IllegalArgumentException("minSyncPeriod " + minSyncPeriod + " must be between 0 and syncPeriod "
                    + syncPeriod + ", which must be above 0");
        }
    }
}
