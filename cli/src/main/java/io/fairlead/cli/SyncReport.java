package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what syncs do, and knows when every family has had its first. Called on the loop's thread. */
final class SyncReport implements SyncListener {

    private static final Logger log = LoggerFactory.getLogger(SyncReport.class);

    private final Map<IpFamily, RoutingTable> applied = new EnumMap<>(IpFamily.class);
    private final CompletableFuture<Map<IpFamily, RoutingTable>> firstSync = new CompletableFuture<>();
    private final Duration retry;
    private int families;

    SyncReport(Duration retry) {
        this.retry = retry;
    }

    /** How many families there are; said before the first sync. */
    void expect(int count) {
        families = count;
    }

    /** Completes with what was applied when every family has been synced; fails with the first failure before that. */
    CompletableFuture<Map<IpFamily, RoutingTable>> firstSync() {
        return firstSync;
    }

    @Override
    public void synced(IpFamily family, RoutingTable table, SyncResult result, Duration duration) {
        boolean first = applied.put(family, table) == null;
        if (first) {
            log.info(
                    "First sync complete ipFamily=\"{}\" services={} endpoints={} rulesWritten={} elapsed=\"{}ms\"",
                    family,
                    table.services().size(),
                    table.endpoints(),
                    result.rulesWritten(),
                    duration.toMillis());
        } else {
            log.debug(
                    "SyncProxyRules complete ipFamily=\"{}\" full={} rulesWritten={} rulesDeleted={} elapsed=\"{}ms\"",
                    family,
                    result.full(),
                    result.rulesWritten(),
                    result.rulesDeleted(),
                    duration.toMillis());
        }
        if (applied.size() == families) {
            firstSync.complete(Map.copyOf(applied));
        }
    }

    @Override
    public void failed(IpFamily family, DataplaneException failure) {
        log.error(
                "Sync failed; trying again within the sync period ipFamily=\"{}\" retryAfter=\"{}\" err=\"{}\"",
                family,
                retry,
                failure.getMessage());
        firstSync.completeExceptionally(failure);
    }
}
