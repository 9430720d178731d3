package io.fairlead.proxy.metrics;

import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Request;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;

/** {@code /healthz} of the metrics port, which says that the port works and no more, and its record, {@code /metrics/slis}. */
final class PingPages {

    private static final String[] LABELS = {"ping", "healthz"};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge last = Gauge.builder()
            .name("kubernetes_healthcheck")
            .help("[STABLE] The result of the last health check")
            .labelNames("name", "type")
            .withoutExemplars()
            .register(registry);
    private final Counter all = Counter.builder()
            .name("kubernetes_healthchecks_total")
            .help("[STABLE] Results of health checks")
            .labelNames("name", "type", "status")
            .withoutExemplars()
            .register(registry);

    Answer healthz(Request request) {
        var excluded = new ArrayList<>(request.parameter("exclude"));
        boolean pinged = !excluded.remove("ping");
        if (pinged) {
            last.labelValues(LABELS).set(1);
            all.labelValues("ping", "healthz", "success").inc();
        }
        if (request.parameter("verbose").isEmpty()) {
            return Answer.text(200, "ok");
        }
        var text = new StringBuilder(pinged ? "[+]ping ok\n" : "[+]ping excluded: ok\n");
        if (!excluded.isEmpty()) {
            text.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(excluded.stream().map(PingPages::quoted).toList())
                    .append('\n');
        }
        return Answer.text(200, text.append("healthz check passed\n").toString());
    }

    private static String quoted(String stranger) {
        return '"' + stranger.replaceAll("[^ !#-~]", "?") + '"';
    }

    MetricSnapshots record() {
        return registry.scrape();
    }

    void reset() {
        last.clear();
        all.clear();
    }
}
