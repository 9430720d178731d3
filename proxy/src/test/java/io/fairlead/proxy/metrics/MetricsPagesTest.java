package io.fairlead.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 3.11, row by row. */
class MetricsPagesTest {

    private static final Instant START = Instant.parse("2026-03-30T09:00:00Z");

    private Instant now = START;
    private final List<Long> verbosities = new ArrayList<>();
    private final About about = new About("0.1.0", "v1.36.2", Map.of("proxy-mode", "iptables", "v", "2"));
    private final ProxyConfig config = ProxyConfig.DEFAULT.withPlatformDefaults();
    private final Scrape scrape = new Scrape(config, about);
    private final MetricsPages pages = new MetricsPages(config, about, scrape, () -> now, verbosities::add);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /proxyMode                             | 200 | iptables
            /healthz                               | 200 | ok
            /healthz/ping                          | 200 | ok
            /healthz?verbose                       | 200 | '[+]ping ok\\nhealthz check passed\\n'
            /healthz?verbose&exclude=ping          | 200 | '[+]ping excluded: ok\\nhealthz check passed\\n'
            /healthz/                              | 404 | '404 page not found\\n'
            /livez                                 | 404 | '404 page not found\\n'
            /readyz                                | 404 | '404 page not found\\n'
            /metrics/                              | 404 | '404 page not found\\n'
            /                                      | 404 | '404 page not found\\n'
            /debug/pprof/                          | 404 | '404 page not found\\n'
            /debug/flags/v                         | 404 | '404 page not found\\n'
            /debug/threads                         | 404 | '404 page not found\\n'
            """)
    void pathsAreExact(String target, int status, String body) {
        var answer = get(target);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body.replace("\\n", "\n"));
        assertThat(answer.headers())
                .containsEntry("Content-Type", "text/plain; charset=utf-8")
                .containsEntry("X-Content-Type-Options", "nosniff");
    }

    @Test
    void unknownExclusionsAreNamedHarmlessly() {
        assertThat(get("/healthz?verbose&exclude=%3Cb%22%0A").body())
                .isEqualTo(
                        "[+]ping ok\n"
                                + "warn: some health checks cannot be excluded: no matches for [\"<b??\"]\nhealthz check passed\n");
    }

    @Test
    void metricsParseAndHoldTheProcessTheJvmTheBuildAndTheGates() {
        get("/proxyMode");
        scrape.api().answered("GET", "10.96.0.1:443", "200", Duration.ofMillis(3));
        var answer = get("/metrics");
        assertThat(answer.headers()).containsEntry("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers().get("Process-Start-Time-Unix")).matches("\\d{10}");
        var text = ScrapedText.parse(answer.body());
        assertThat(text.names())
                .contains(
                        "process_cpu_seconds_total",
                        "process_open_fds",
                        "process_max_fds",
                        "process_virtual_memory_bytes",
                        "process_virtual_memory_max_bytes",
                        "process_resident_memory_bytes",
                        "process_start_time_seconds",
                        "process_network_receive_bytes_total",
                        "process_network_transmit_bytes_total",
                        "jvm_memory_used_bytes",
                        "jvm_threads_current",
                        "jvm_gc_collection_seconds",
                        "jvm_runtime_info",
                        "kubernetes_build_info",
                        "kubernetes_feature_enabled",
                        "registered_metrics_total",
                        "disabled_metrics_total",
                        "hidden_metrics_total",
                        "cardinality_enforcement_unexpected_categorizations_total",
                        "rest_client_requests_total",
                        "rest_client_request_duration_seconds");
        assertThat(text.family("kubernetes_build_info")
                        .samples()
                        .keySet()
                        .iterator()
                        .next())
                .contains("major=\"1\"", "minor=\"36\"", "git_version=\"v1.36.2+fairlead.0.1.0\"", "platform=\"linux/");
        assertThat(text.value(
                        "rest_client_requests_total",
                        "rest_client_requests_total{code=\"200\",host=\"10.96.0.1:443\",method=\"GET\"}"))
                .isEqualTo(1);
        assertThat(text.value("process_resident_memory_bytes", "process_resident_memory_bytes"))
                .isGreaterThan(10e6);
    }

    /** Section 5.1's names and types, all touched once. */
    @ParameterizedTest
    @CsvSource({
        "sync_proxy_rules_duration_seconds, histogram",
        "sync_full_proxy_rules_duration_seconds, histogram",
        "sync_partial_proxy_rules_duration_seconds, histogram",
        "sync_proxy_rules_last_timestamp_seconds, gauge",
        "sync_proxy_rules_last_queued_timestamp_seconds, gauge",
        "network_programming_duration_seconds, histogram",
        "sync_proxy_rules_endpoint_changes_pending, gauge",
        "sync_proxy_rules_endpoint_changes_total, counter",
        "sync_proxy_rules_service_changes_pending, gauge",
        "sync_proxy_rules_service_changes_total, counter",
        "sync_proxy_rules_no_local_endpoints_total, gauge",
        "proxy_healthz_total, counter",
        "proxy_livez_total, counter",
        "conntrack_reconciler_sync_duration_seconds, histogram",
        "conntrack_reconciler_deleted_entries_total, counter",
        "sync_proxy_rules_iptables_total, gauge",
        "sync_proxy_rules_iptables_last, gauge",
        "sync_proxy_rules_iptables_restore_failures_total, counter",
        "sync_proxy_rules_iptables_partial_restore_failures_total, counter"
    })
    void namesAndTypesAreUpstreams(String name, String type) {
        touchAll(scrape.proxy());
        var family = ScrapedText.parse(get("/metrics").body()).family("kubeproxy_" + name);
        assertThat(family.type()).isEqualTo(type);
        assertThat(family.help()).startsWith("[ALPHA] ");
        assertThat(family.samples()).isNotEmpty();
    }

    /** What promtool objects to is in two names, which are kube-proxy's. ./verify fetches promtool where it can. */
    @ParameterizedTest
    @EnumSource(ProxyMode.class)
    void promtoolFindsNothingButTheNamesItDislikesInKubeProxyToo(ProxyMode mode) throws Exception {
        var promtool = Stream.of(System.getenv().getOrDefault("PROMTOOL", ""), "/usr/bin/promtool")
                .filter(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)))
                .findFirst();
        Assumptions.assumeTrue(promtool.isPresent(), "no promtool: ./verify fetches it on Debian and Ubuntu, as root");
        var inMode = new Scrape(config.inMode(mode), about);
        touchAll(inMode.proxy());
        inMode.api().answered("GET", "10.96.0.1:443", "200", Duration.ofMillis(3));
        var process = new ProcessBuilder(promtool.get(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = process.outputWriter()) {
            in.write(new MetricsPages(config, about, inMode, () -> now, verbosities::add)
                    .answer(Request.get("/metrics"))
                    .body());
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var disliked = Stream.of(
                        "kubeproxy_sync_proxy_rules_iptables_total",
                        "kubeproxy_sync_proxy_rules_no_local_endpoints_total")
                .filter(name -> mode == ProxyMode.IPTABLES || !name.contains("iptables"))
                .map(name -> name + " non-counter metrics should not have \"_total\" suffix");
        assertThat(output.lines())
                .as("status %s", process.waitFor())
                .containsExactlyInAnyOrderElementsOf(disliked.toList());
    }

    @Test
    void configzIsTheConfigurationInForceInUpstreamsOrder() throws Exception {
        var answer = get("/configz");
        assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
        assertThat(answer.body())
                .startsWith("{\"kubeproxy.config.k8s.io\":{\"kind\":\"KubeProxyConfiguration\","
                        + "\"apiVersion\":\"kubeproxy.config.k8s.io/v1alpha1\",\"clientConnection\":{")
                .doesNotEndWith("\n");
        var object = new ObjectMapper().readTree(answer.body()).get("kubeproxy.config.k8s.io");
        assertThat(object.get("mode").asText()).isEqualTo("iptables");
        assertThat(object.at("/iptables/syncPeriod").asText()).isEqualTo("30s");
        assertThat(object.at("/conntrack/maxPerCore").asInt()).isEqualTo(32768);
    }

    @Test
    void slisCountHealthChecksAndCanBeReset() {
        get("/healthz");
        get("/healthz");
        var slis = ScrapedText.parse(get("/metrics/slis").body());
        var key = "kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"healthz\"}";
        assertThat(slis.value("kubernetes_healthchecks_total", key)).isEqualTo(2);
        assertThat(slis.value("kubernetes_healthcheck", "kubernetes_healthcheck{name=\"ping\",type=\"healthz\"}"))
                .isEqualTo(1);
        assertThat(slis.has("process_start_time_seconds")).isTrue();
        var reset = pages.answer(new Request("DELETE", "/metrics/slis", "", Map.of(), ""));
        assertThat(reset.body()).isEqualTo("metrics reset\n");
        assertThat(ScrapedText.parse(get("/metrics/slis").body()).has("kubernetes_healthchecks_total"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                    | 200 | text/plain; charset=utf-8
            text/plain                                            | 200 | text/plain; charset=utf-8
            */*                                                   | 200 | text/plain; charset=utf-8
            application/json;g=config.k8s.io;v=v1beta1;as=Flagz   | 200 | application/json
            application/yaml;g=config.k8s.io;v=v1beta1;as=Flagz   | 200 | application/yaml
            application/json;g=config.k8s.io;v=v1alpha1;as=Flagz  | 200 | application/json
            application/json                                      | 406 | application/json
            image/png                                             | 406 | application/json
            """)
    void flagzIsNegotiated(String accept, int status, String type) {
        var answer = get("/flagz", accept);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("Content-Type", type);
        assertThat(answer.headers().containsKey("Warning")).isEqualTo(accept.contains("v1alpha1"));
        assertThat(answer.body())
                .contains(status == 406 ? "only the following media types are accepted:" : "proxy-mode");
    }

    @Test
    void statuszTellsStartUpTimeAndVersions() throws Exception {
        now = START.plusSeconds(3 * 3600 + 62);
        assertThat(get("/statusz").body())
                .startsWith("\nkube-proxy statusz\n")
                .contains("Up: 3 hr 01 min 02 sec\n", "Binary version: v1.36.2", "Emulation version: 1.36\n");
        var object = new ObjectMapper()
                .readTree(get("/statusz", "application/json;g=config.k8s.io;v=v1beta1;as=Statusz")
                        .body());
        assertThat(object.at("/metadata/name").asText()).isEqualTo("kube-proxy");
        assertThat(object.get("uptimeSeconds").asInt()).isEqualTo(3 * 3600 + 62);
        assertThat(object.get("paths")).hasSize(6);
    }

    @Test
    void withProfilingTheVerbosityCanBeSetAndThreadsAreShown() {
        var debug = new DebugPages(verbosities::add);
        assertThat(debug.answer(new Request("PUT", "/debug/flags/v", "", Map.of(), "4")))
                .isEqualTo(Answer.text(200, "successfully set klog.logging.verbosity to 4\n"));
        assertThat(debug.answer(new Request("PUT", "/debug/flags/v", "", Map.of(), "x"))
                        .status())
                .isEqualTo(400);
        assertThat(debug.answer(Request.get("/debug/flags/v")))
                .isEqualTo(Answer.text(406, "unsupported http method\n"));
        assertThat(verbosities).containsExactly(4L);
        assertThat(debug.answer(Request.get("/debug/threads")).body()).contains("main #");
    }

    private static void touchAll(ProxyMetrics proxy) {
        for (var histogram : List.of(proxy.sync, proxy.fullSync, proxy.partialSync, proxy.networkProgramming)) {
            histogram.labelValues("IPv4").observe(0.003);
        }
        for (var gauge : List.of(proxy.lastSync, proxy.lastQueued)) {
            gauge.labelValues("IPv4").set(1.7e9);
        }
        proxy.noLocalEndpoints.labelValues("internal", "IPv4").set(0);
        proxy.rulesOwned.labelValues("nat", "IPv4").set(5);
        proxy.rulesWritten.labelValues("nat", "IPv4").set(5);
        proxy.restoreFailures.labelValues("IPv4").inc();
        proxy.partialRestoreFailures.labelValues("IPv4").inc();
        proxy.nftablesFailures.labelValues("IPv4").inc();
        proxy.mended.labelValues("IPv4").inc();
        proxy.healthzAnswered(200);
        proxy.livezAnswered(503);
        proxy.conntrackReconciled("IPv4", 0.01, 3);
    }

    private Answer get(String target) {
        return pages.answer(Request.get(target));
    }

    private Answer get(String target, String accept) {
        return pages.answer(new Request("GET", target, "", Map.of("accept", accept), ""));
    }
}
