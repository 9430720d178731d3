package io.fairlead.proxy.metrics;

import io.fairlead.netfilter.nfacct.Nfacct;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packets that our rules have counted in the kernel, read when scraped. */
final class KernelCounters implements MultiCollector {

    private record Row(String metric, String counter, String help) {}

    private static final Logger log = LoggerFactory.getLogger(KernelCounters.class);
    private static final List<Row> ROWS = List.of(
            new Row(
                    "kubeproxy_iptables_ct_state_invalid_dropped_packets",
                    "ct_state_invalid_dropped_pkts",
                    "[ALPHA] Packets dropped because connection tracking could not place them"),
            new Row(
                    "kubeproxy_iptables_localhost_nodeports_accepted_packets",
                    "localhost_nps_accepted_pkts",
                    "[ALPHA] Packets of node-port connections over loopback addresses"));

    private KernelCounters() {}

    /** Registers them if this kernel has such counters; says so if not, once per metric as kube-proxy does. */
    static void register(PrometheusRegistry registry) {
        try (var _ = Nfacct.open()) {
            registry.register(new KernelCounters());
        } catch (IOException e) {
            for (var row : ROWS) {
                log.atError()
                        .addKeyValue("metric", row.metric() + "_total")
                        .addKeyValue("err", e)
                        .log("failed to initialize nfacct client");
            }
        }
    }

    @Override
    public MetricSnapshots collect() {
        var snapshots = new ArrayList<MetricSnapshot>();
        try (var nfacct = Nfacct.open()) {
            for (var row : ROWS) {
                read(nfacct, row, snapshots);
            }
        } catch (IOException e) {
            log.atError().addKeyValue("err", e).log("failed to collect nfacct counter");
        }
        return new MetricSnapshots(snapshots);
    }

    /** A counter that no rule has needed so far is not there, and has no sample. */
    private static void read(Nfacct nfacct, Row row, List<MetricSnapshot> into) throws IOException {
        nfacct.get(row.counter())
                .ifPresent(counter -> into.add(CounterSnapshot.builder()
                        .name(row.metric())
                        .help(row.help())
                        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                                .value((double) counter.packets())
                                .build())
                        .build()));
    }
}
