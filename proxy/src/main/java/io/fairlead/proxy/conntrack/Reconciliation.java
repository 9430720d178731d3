package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowKey;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over the table: a single list, and one request per stale flow, which names the flow's id, so that nothing that
 * came since is hit.
 */
record Reconciliation(Staleness staleness, FlowTable table, ReconcileObserver observer) {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    /** @throws IOException when the kernel refused; flows may have been deleted by then */
    void run() throws IOException {
        long begin = System.nanoTime();
        log.atDebug().addKeyValue("ipFamily", staleness.family()).log("Started to reconcile conntrack entries");
        var stale = new LinkedHashMap<FlowKey, ConntrackFlow>();
        boolean complete = table.list(staleness.filter(), flow -> {
            if (staleness.isStale(flow)) {
                stale.put(flow.key(), flow);
            }
        });
        if (!complete) {
            log.atWarn()
                    .addKeyValue("ipFamily", staleness.family())
                    .log("The kernel interrupted every listing of conntrack entries, going on with those it listed");
        }
        int deleted = 0;
        try {
            for (var flow : stale.values()) {
                log.atTrace().addKeyValue("flow", flow).log("Deleting conntrack entry");
                deleted += table.delete(flow) ? 1 : 0;
            }
        } finally {
            var took = Duration.ofNanos(System.nanoTime() - begin);
            observer.reconciled(staleness.family(), took, deleted);
            log.atDebug()
                    .addKeyValue("ipFamily", staleness.family())
                    .addKeyValue("entriesDeleted", deleted)
                    .addKeyValue("took", took)
                    .log("Finished reconciling conntrack entries");
        }
    }
}
