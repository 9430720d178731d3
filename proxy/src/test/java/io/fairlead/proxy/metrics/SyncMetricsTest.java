package io.fairlead.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Endpoint;
import io.fairlead.proxy.cluster.EndpointPort;
import io.fairlead.proxy.cluster.EndpointSlice;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import io.fairlead.proxy.cluster.Service;
import io.fairlead.proxy.cluster.ServicePort;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.SyncResult;
import io.fairlead.proxy.routing.Router;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The moments at which the metrics of section 5.1 move. */
class SyncMetricsTest {

    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final String P = "kubeproxy_sync_proxy_rules_";
    private static final SyncResult PARTIAL = new SyncResult(
            false,
            3,
            0,
            0,
            false,
            List.of(),
            List.of(new SyncResult.TableRules("filter", 4, 0), new SyncResult.TableRules("nat", 10, 3)));

    private Instant now = Instant.parse("2026-03-30T09:00:00Z");
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final SyncMetrics metrics = new SyncMetrics(new ProxyMetrics(registry, ProxyMode.IPTABLES), () -> now);
    private ClusterImage image = ClusterImage.EMPTY;

    @Test
    void noFamilyWithLabelsHasASampleBeforeItsFirstUse() {
        assertThat(scrape().names())
                .containsExactlyInAnyOrder(
                        P + "endpoint_changes_pending",
                        P + "endpoint_changes_total",
                        P + "service_changes_pending",
                        P + "service_changes_total");
    }

    @Test
    void serviceEventsCountOncePerFamilyAndThoseOfTheInitialListToo() {
        replay(new ClusterChange.ServiceSet(service(1)));
        metrics.starting(Set.of(IpFamily.IPV4, IpFamily.IPV6));
        assertThat(scrape().value(P + "service_changes_total", P + "service_changes_total"))
                .isEqualTo(2);
        replay(new ClusterChange.ServiceSet(service(1)));
        assertThat(scrape().value(P + "service_changes_total", P + "service_changes_total"))
                .isEqualTo(4);
    }

    @Test
    void pendingServicesAreThoseThatDifferFromWhatWasPickedUp() {
        metrics.starting(Set.of(IpFamily.IPV4));
        replay(new ClusterChange.ServiceSet(service(1)));
        assertThat(pendingServices()).isEqualTo(1);
        replay(new ClusterChange.ServiceDeleted(WEB));
        assertThat(pendingServices()).as("created and deleted").isZero();
        replay(new ClusterChange.ServiceSet(service(1)));
        metrics.started(IpFamily.IPV4);
        assertThat(pendingServices()).as("picked up").isZero();
        replay(new ClusterChange.ServiceSet(service(1)));
        assertThat(pendingServices()).as("a resync").isZero();
    }

    @Test
    void sliceEventsCountForTheirFamilyAndWaitUntilPickedUp() {
        metrics.starting(Set.of(IpFamily.IPV4));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.empty())));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.empty())));
        assertThat(scrape().value(P + "endpoint_changes_total", P + "endpoint_changes_total"))
                .isEqualTo(2);
        assertThat(scrape().value(P + "endpoint_changes_pending", P + "endpoint_changes_pending"))
                .isEqualTo(1);
        metrics.started(IpFamily.IPV4);
        assertThat(scrape().value(P + "endpoint_changes_pending", P + "endpoint_changes_pending"))
                .isZero();
    }

    @Test
    void networkProgrammingIsObservedOncePerTriggerTimeWhenTheSyncHasSucceeded() {
        metrics.starting(Set.of(IpFamily.IPV4));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.of(now.plusSeconds(1)))));
        now = now.plusSeconds(3);
        metrics.started(IpFamily.IPV4);
        metrics.failed(IpFamily.IPV4, false, new DataplaneException("no", new IOException()), Duration.ofMillis(3));
        assertThat(scrape().has("kubeproxy_network_programming_duration_seconds"))
                .isFalse();
        now = now.plusSeconds(2);
        metrics.started(IpFamily.IPV4);
        synced(PARTIAL);
        var family = scrape().family("kubeproxy_network_programming_duration_seconds")
                .samples();
        assertThat(family)
                .containsEntry("kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\"}", 1.0)
                .containsEntry("kubeproxy_network_programming_duration_seconds_sum{ip_family=\"IPv4\"}", 4.0);
    }

    @Test
    void triggersOfTheTimeBeforeTheStartAndOfDeletedSlicesDoNotCount() {
        metrics.starting(Set.of(IpFamily.IPV4));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.of(now.minusSeconds(1)))));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.of(now.plusSeconds(1)))));
        replay(new ClusterChange.SliceDeleted(new NamespacedName("default", "web-1")));
        metrics.started(IpFamily.IPV4);
        synced(PARTIAL);
        assertThat(scrape().has("kubeproxy_network_programming_duration_seconds"))
                .isFalse();
    }

    @Test
    void aChangeThatNeedsNoWriteIsProgrammedAtOnce() {
        metrics.starting(Set.of(IpFamily.IPV4));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.of(now.plusSeconds(1)))));
        now = now.plusSeconds(2);
        metrics.unaffected(IpFamily.IPV4);
        assertThat(scrape().value(
                                "kubeproxy_network_programming_duration_seconds",
                                "kubeproxy_network_programming_duration_seconds_count{ip_family=\"IPv4\"}"))
                .isEqualTo(1);
    }

    @Test
    void inNftablesModeAFailedCleanupCountsAndIsNoFailedSync() {
        var registered = new PrometheusRegistry();
        var nftables = new SyncMetrics(new ProxyMetrics(registered, ProxyMode.NFTABLES), () -> now);
        var result = new SyncResult(false, 1, 0, 0, false, List.of(), List.of(), true);
        nftables.starting(Set.of(IpFamily.IPV4));
        nftables.started(IpFamily.IPV4);
        var table = new Router(IpFamily.IPV4, "node-1", true).route(image);
        nftables.synced(IpFamily.IPV4, table, Set.of(), result, Duration.ofMillis(3));
        var text = ScrapedText.parse(TextFormat.write(registered.scrape()));
        assertThat(text.value(
                        P + "nftables_cleanup_failures_total",
                        P + "nftables_cleanup_failures_total{ip_family=\"IPv4\"}"))
                .isEqualTo(1);
        assertThat(text.has(P + "nftables_sync_failures_total")).isFalse();
    }

    @Test
    void aSyncTellsItsKindItsTimeAndItsRules() {
        metrics.queued(IpFamily.IPV4);
        metrics.started(IpFamily.IPV4);
        synced(PARTIAL);
        var text = scrape();
        assertThat(text.value(
                        P + "last_queued_timestamp_seconds", P + "last_queued_timestamp_seconds{ip_family=\"IPv4\"}"))
                .isEqualTo(now.getEpochSecond());
        assertThat(text.value(P + "last_timestamp_seconds", P + "last_timestamp_seconds{ip_family=\"IPv4\"}"))
                .isEqualTo(now.getEpochSecond());
        assertThat(text.has("kubeproxy_sync_partial_proxy_rules_duration_seconds"))
                .isTrue();
        assertThat(text.has("kubeproxy_sync_full_proxy_rules_duration_seconds")).isFalse();
        assertThat(text.value(P + "iptables_total", P + "iptables_total{ip_family=\"IPv4\",table=\"nat\"}"))
                .isEqualTo(10);
        assertThat(text.value(P + "iptables_last", P + "iptables_last{ip_family=\"IPv4\",table=\"nat\"}"))
                .isEqualTo(3);
    }

    @Test
    void failuresCountAsRestoreFailuresAndPartialOnesAsBoth() {
        var failure = new DataplaneException("no", new IOException());
        metrics.failed(IpFamily.IPV6, true, failure, Duration.ofMillis(1));
        metrics.failed(IpFamily.IPV6, false, failure, Duration.ofMillis(1));
        synced(new SyncResult(true, 0, 0, 0, true, List.of(), List.of()));
        var text = scrape();
        var all = P + "iptables_restore_failures_total";
        var partial = P + "iptables_partial_restore_failures_total";
        assertThat(text.value(all, all + "{ip_family=\"IPv6\"}")).isEqualTo(2);
        assertThat(text.value(partial, partial + "{ip_family=\"IPv6\"}")).isEqualTo(1);
        assertThat(text.value(partial, partial + "{ip_family=\"IPv4\"}"))
                .as("drift found by a partial sync")
                .isEqualTo(1);
        assertThat(text.has(P + "last_timestamp_seconds")).isTrue();
    }

    @Test
    void portsWithoutALocalEndpointAreCountedByPolicy() {
        replay(new ClusterChange.ServiceSet(service(1, true)));
        replay(new ClusterChange.SliceSet(slice(IpFamily.IPV4, Optional.empty())));
        synced(PARTIAL);
        var gauge = P + "no_local_endpoints_total";
        assertThat(scrape().value(gauge, gauge + "{ip_family=\"IPv4\",traffic_policy=\"internal\"}"))
                .isEqualTo(1);
        assertThat(scrape().value(gauge, gauge + "{ip_family=\"IPv4\",traffic_policy=\"external\"}"))
                .isZero();
        replay(new ClusterChange.ServiceDeleted(WEB));
        synced(PARTIAL);
        assertThat(scrape().value(gauge, gauge + "{ip_family=\"IPv4\",traffic_policy=\"internal\"}"))
                .isZero();
    }

    @Test
    void bucketsAreUpstreams() {
        assertThat(Buckets.sync())
                .containsExactly(
                        0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096,
                        8.192, 16.384);
        assertThat(Buckets.networkProgramming())
                .hasSize(81)
                .startsWith(0, 0.25, 0.5, 1, 2)
                .contains(59, 60, 65, 115, 120, 150)
                .endsWith(270, 300);
        synced(PARTIAL);
        var buckets = scrape().bounds("kubeproxy_sync_proxy_rules_duration_seconds");
        assertThat(buckets.values().iterator().next()).hasSize(16);
        assertThat(scrape().family("kubeproxy_sync_proxy_rules_duration_seconds")
                        .samples())
                .containsKey("kubeproxy_sync_proxy_rules_duration_seconds_bucket{ip_family=\"IPv4\",le=\"0.001\"}");
    }

    @Test
    void numbersAreWrittenAsGoWritesThem() {
        assertThat(TextFormat.number(1)).isEqualTo("1");
        assertThat(TextFormat.number(0.25)).isEqualTo("0.25");
        assertThat(TextFormat.number(1.7e9 + 0.5)).isEqualTo("1700000000.5");
        assertThat(TextFormat.number(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
    }

    private void synced(SyncResult result) {
        var table = new Router(IpFamily.IPV4, "node-1", true).route(image);
        metrics.synced(IpFamily.IPV4, table, Set.of(WEB), result, Duration.ofMillis(3));
    }

    private double pendingServices() {
        return scrape().value(P + "service_changes_pending", P + "service_changes_pending");
    }

    private ScrapedText scrape() {
        return ScrapedText.parse(TextFormat.write(registry.scrape()));
    }

    private void replay(ClusterChange change) {
        metrics.changed(image, List.of(change));
        var delta = new ClusterDelta(image);
        delta.replay(change);
        image = delta.apply();
    }

    private static EndpointSlice slice(IpFamily family, Optional<Instant> triggered) {
        var endpoint = new Endpoint(
                IpAddress.parse("10.244.1.1"), true, true, false, Optional.of("node-2"), Set.of(), Set.of());
        return new EndpointSlice(
                new NamespacedName("default", "web-1"),
                WEB,
                family,
                List.of(new EndpointPort("", Protocol.TCP, 80)),
                List.of(endpoint),
                triggered);
    }

    private static Service service(int number) {
        return service(number, false);
    }

    private static Service service(int number, boolean internalLocal) {
        return new Service(
                WEB,
                List.of(IpAddress.parse("10.96.0." + number)),
                List.of(new ServicePort("", Protocol.TCP, 80, 0)),
                List.of(),
                List.of(),
                List.of(),
                0,
                false,
                internalLocal,
                0);
    }
}
