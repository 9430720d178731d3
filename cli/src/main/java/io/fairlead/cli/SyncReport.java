package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.sync.SyncListener;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what syncs do, and knows when every family has had its first. Called on the loop's thread. */
final class SyncReport implements SyncListener {

    private static final Logger log = LoggerFactory.getLogger(SyncReport.class);

    private final Map<IpFamily, RoutingTable> applied = new EnumMap<>(IpFamily.class);
    private final CompletableFuture<Map<IpFamily, RoutingTable>> firstSync = new CompletableFuture<>();
    private final Duration retry;
    private final BiConsumer<IpFamily, List<String>> mended;
    private int families;

    /**
     * A report of nothing yet.
     *
     * @param retry how soon a failed sync is tried again
     * @param mended told what somebody else had changed, which is logged anyway
     */
    SyncReport(Duration retry, BiConsumer<IpFamily, List<String>> mended) {
        this.retry = retry;
        this.mended = mended;
    }

    @Override
    public void starting(Set<IpFamily> toSync) {
        families = toSync.size();
    }

    /** Completes with what was applied when every family has been synced; fails with the first failure before that. */
    CompletableFuture<Map<IpFamily, RoutingTable>> firstSync() {
        return firstSync;
    }

    @Override
    public void synced(
            IpFamily family, RoutingTable table, Set<NamespacedName> changed, SyncResult result, Duration duration) {
        boolean first = applied.put(family, table) == null;
        if (!result.mended().isEmpty()) {
            log.atWarn()
                    .addKeyValue("ipFamily", family)
                    .addKeyValue("mended", result.mended())
                    .addKeyValue("elapsed", duration.toMillis() + "ms")
                    .log("Somebody else had changed the rules; they are as they should be again");
            mended.accept(family, result.mended());
        }
        if (first) {
            log.atInfo()
                    .addKeyValue("ipFamily", family)
                    .addKeyValue("services", table.services().size())
                    .addKeyValue("endpoints", table.endpoints())
                    .addKeyValue("rulesWritten", result.rulesWritten())
                    .addKeyValue("chainsDeleted", result.chainsDeleted())
                    .addKeyValue("elapsed", duration.toMillis() + "ms")
                    .log("First sync complete");
        } else {
            log.atDebug()
                    .addKeyValue("ipFamily", family)
                    .addKeyValue("full", result.full())
                    .addKeyValue("rulesWritten", result.rulesWritten())
                    .addKeyValue("rulesDeleted", result.rulesDeleted())
                    .addKeyValue("chainsDeleted", result.chainsDeleted())
                    .addKeyValue("elapsed", duration.toMillis() + "ms")
                    .log("SyncProxyRules complete");
        }
        if (applied.size() == families) {
            firstSync.complete(Map.copyOf(applied));
        }
    }

    @Override
    public void failed(IpFamily family, boolean full, DataplaneException failure, Duration duration) {
        log.atError()
                .addKeyValue("ipFamily", family)
                .addKeyValue("retryingAfter", retry)
                .addKeyValue("err", failure)
                .log("Failed to sync");
        firstSync.completeExceptionally(failure);
    }
}
