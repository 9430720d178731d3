package io.fairlead.proxy.metrics;

import io.fairlead.proxy.config.ProxyMode;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * kube-proxy's own metrics (spec: process, section 5.1; iptables mode, appendix E): same names, types, labels and buckets. A
 * family with labels has no sample before its first use.
 */
public final class ProxyMetrics {

    private static final String FAMILY = "ip_family";

    final Histogram sync;
    final Histogram fullSync;
    final Histogram partialSync;
    final Gauge lastSync;
    final Gauge lastQueued;
    final Histogram networkProgramming;
    final Gauge endpointChangesPending;
    final Counter endpointChanges;
    final Gauge serviceChangesPending;
    final Counter serviceChanges;
    final Gauge noLocalEndpoints;
    final Gauge rulesOwned;
    final Gauge rulesWritten;
    final Counter restoreFailures;
    final Counter partialRestoreFailures;
    final Counter nftablesFailures;
    final Counter nftablesCleanupFailures;
    final Counter mended;
    private final Counter healthz;
    private final Counter livez;
    private final Histogram conntrack;
    private final Counter conntrackDeleted;
    private final PrometheusRegistry registry;
    private final ProxyMode mode;
    private int count;

    /** @param mode what only the other modes have is not shown */
    public ProxyMetrics(PrometheusRegistry registry, ProxyMode mode) {
        this.registry = registry;
        this.mode = mode;
        sync = histogram(
                "sync_proxy_rules_duration_seconds", "Time one sync of the rules takes", Buckets.sync(), FAMILY);
        fullSync = histogram(
                "sync_full_proxy_rules_duration_seconds",
                "Time one sync takes that compares all rules with the kernel",
                Buckets.sync(),
                FAMILY);
        partialSync = histogram(
                "sync_partial_proxy_rules_duration_seconds",
                "Time one sync takes that writes known differences only",
                Buckets.sync(),
                FAMILY);
        lastSync = gauge(
                "sync_proxy_rules_last_timestamp_seconds", "When the rules were last synced successfully", FAMILY);
        lastQueued = gauge("sync_proxy_rules_last_queued_timestamp_seconds", "When a sync was last asked for", FAMILY);
        networkProgramming = histogram(
                "network_programming_duration_seconds",
                "Time from the change of a Service's Pods to the rules that follow it",
                Buckets.networkProgramming(),
                FAMILY);
        endpointChangesPending =
                gauge("sync_proxy_rules_endpoint_changes_pending", "EndpointSlice changes that no sync has taken yet");
        endpointChanges = counter("sync_proxy_rules_endpoint_changes_total", "EndpointSlice events");
        serviceChangesPending =
                gauge("sync_proxy_rules_service_changes_pending", "Services with changes that no sync has taken yet");
        serviceChanges =
                counter("sync_proxy_rules_service_changes_total", "Service events, counted once per IP family");
        noLocalEndpoints = gauge(
                "sync_proxy_rules_no_local_endpoints_total",
                "Service ports with traffic policy Local and endpoints elsewhere only",
                "traffic_policy",
                FAMILY);
        rulesOwned = iptablesGauge("sync_proxy_rules_iptables_total", "iptables rules owned", "table", FAMILY);
        rulesWritten = iptablesGauge(
                "sync_proxy_rules_iptables_last", "iptables rules written by the last sync", "table", FAMILY);
        restoreFailures = counter(
                ProxyMode.IPTABLES,
                "sync_proxy_rules_iptables_restore_failures_total",
                "Failed iptables-restore runs",
                FAMILY);
        partialRestoreFailures = counter(
                ProxyMode.IPTABLES,
                "sync_proxy_rules_iptables_partial_restore_failures_total",
                "Failed iptables-restore runs of partial syncs",
                FAMILY);
        nftablesFailures = counter(
                ProxyMode.NFTABLES,
                "sync_proxy_rules_nftables_sync_failures_total",
                "Syncs of the nftables rules that the kernel refused",
                FAMILY);
        nftablesCleanupFailures = counter(
                ProxyMode.NFTABLES,
                "sync_proxy_rules_nftables_cleanup_failures_total",
                "Times that chains of Services that are gone could not be deleted",
                FAMILY);
        mended = counter(
                ProxyMode.NFTABLES,
                "fairlead_mended_total",
                "Syncs that found and mended what somebody else had changed; Fairlead's own",
                FAMILY);
        healthz = counter("proxy_healthz_total", "Answers of /healthz", "code");
        livez = counter("proxy_livez_total", "Answers of /livez", "code");
        conntrack = histogram(
                "conntrack_reconciler_sync_duration_seconds",
                "Time one look for stale connections takes",
                Buckets.sync(),
                FAMILY);
        conntrackDeleted = counter("conntrack_reconciler_deleted_entries_total", "Stale connections deleted", FAMILY);
    }

    int count() {
        return count;
    }

    /** {@code /healthz} has answered. */
    public void healthzAnswered(int status) {
        healthz.labelValues(Integer.toString(status)).inc();
    }

    /** {@code /livez} has answered. */
    public void livezAnswered(int status) {
        livez.labelValues(Integer.toString(status)).inc();
    }

    /** A look for stale connections that could list the table has ended. */
    public void conntrackReconciled(String family, double seconds, long deleted) {
        conntrack.labelValues(family).observe(seconds);
        conntrackDeleted.labelValues(family).inc(deleted);
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        count++;
        return Histogram.builder()
                .name("kubeproxy_" + name)
                .help("[ALPHA] " + help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars()
                .register(registry);
    }

    private Gauge gauge(String name, String help, String... labels) {
        count++;
        return Gauge.builder()
                .name("kubeproxy_" + name)
                .help("[ALPHA] " + help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    private Gauge iptablesGauge(String name, String help, String... labels) {
        if (mode == ProxyMode.IPTABLES) {
            return gauge(name, help, labels);
        }
        return Gauge.builder()
                .name("kubeproxy_" + name)
                .labelNames(labels)
                .withoutExemplars()
                .build();
    }

    private Counter counter(String name, String help, String... labels) {
        return counter(mode, name, help, labels);
    }

    /** One that is only shown in a mode. */
    private Counter counter(ProxyMode of, String name, String help, String... labels) {
        var counter = Counter.builder()
                .name("kubeproxy_" + name)
                .help("[ALPHA] " + help)
                .labelNames(labels)
                .withoutExemplars()
                .build();
        if (of == mode) {
            count++;
            registry.register(counter);
        }
        return counter;
    }
}
