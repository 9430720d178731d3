package io.fairlead.proxy.metrics;

import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.source.api.RequestListener;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Everything one process has to say at {@code /metrics}. What only a scrape needs (the JVM's own figures, the kernel's
 * counters) is set up by the first: a start does not wait for it.
 */
public final class Scrape {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ProcessCollector process = new ProcessCollector(Path.of("/proc"));
    private final ProxyMetrics metrics;
    private final ApiMetrics api = new ApiMetrics(registry);
    private final ProxyConfig config;
    private final About about;
    private boolean complete;

    public Scrape(ProxyConfig config, About about) {
        this.config = config;
        this.about = about;
        metrics = new ProxyMetrics(registry, config.proxyMode());
    }

    public ProxyMetrics proxy() {
        return metrics;
    }

    /** To be told of requests to the API server. */
    public RequestListener api() {
        return api;
    }

    /** More to show, asked for by each scrape. */
    public void show(MultiCollector more) {
        registry.register(more);
    }

    MetricSnapshots all() {
        complete();
        return registry.scrape();
    }

    MetricSnapshots process() {
        return process.collect();
    }

    OptionalDouble startTime() {
        return process.startTime();
    }

    private synchronized void complete() {
        if (complete) {
            return;
        }
        complete = true;
        BuildMetrics.register(registry, about, config.featureGates(), metrics.count() + ApiMetrics.COUNT);
        registry.register(process);
        KernelCounters.register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmClassLoadingMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
    }
}
