package io.fairlead.proxy.metrics;

import io.fairlead.proxy.source.api.RequestListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** Requests to the API server under client-go's names. */
final class ApiMetrics implements RequestListener {

    static final int COUNT = 2;

    private final Counter requests;
    private final Histogram durations;

    ApiMetrics(PrometheusRegistry registry) {
        requests = Counter.builder()
                .name("rest_client_requests_total")
                .help("[ALPHA] Requests to the API server by status code, method and host")
                .labelNames("code", "method", "host")
                .withoutExemplars()
                .register(registry);
        durations = Histogram.builder()
                .name("rest_client_request_duration_seconds")
                .help("[ALPHA] Time until the API server answers, by verb and host")
                .labelNames("verb", "host")
                .classicOnly()
                .classicUpperBounds(Buckets.apiLatency())
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void answered(String method, String host, String code, Duration duration) {
        requests.labelValues(code, method, host).inc();
        durations.labelValues(method, host).observe(duration.toNanos() / 1e9);
    }
}
