package io.fairlead.proxy.metrics;

import io.fairlead.proxy.config.FeatureGates;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;

/** What every Kubernetes component says of its build and its gates (spec: process, section 5.2). */
final class BuildMetrics {

    private static final int OWN = 6;

    private BuildMetrics() {}

    /** @param alpha how many other metrics there are, all of the ALPHA level */
    static void register(PrometheusRegistry registry, About about, Map<String, Boolean> gates, int alpha) {
        var follows = about.follows().replaceFirst("^v", "").split("\\.", -1);
        Gauge.builder()
                .name("kubernetes_build_info")
                .help("[BETA] What was built when and by what; always 1")
                .labelNames(
                        "major",
                        "minor",
                        "git_version",
                        "git_commit",
                        "git_tree_state",
                        "build_date",
                        "go_version",
                        "compiler",
                        "platform")
                .withoutExemplars()
                .register(registry)
                .labelValues(
                        follows[0],
                        follows.length > 1 ? follows[1] : "",
                        about.gitVersion(),
                        "",
                        "",
                        "",
                        "java" + System.getProperty("java.version"),
                        "javac",
                        "linux/" + System.getProperty("os.arch"))
                .set(1);
        var enabled = Gauge.builder()
                .name("kubernetes_feature_enabled")
                .help("[BETA] Whether a feature gate is on")
                .labelNames("name", "stage")
                .withoutExemplars()
                .register(registry);
        for (var gate : FeatureGates.all(gates)) {
            enabled.labelValues(gate.name(), gate.stage()).set(gate.enabled() ? 1 : 0);
        }
        var registered = counter("registered_metrics_total", "[BETA] Metrics that are registered")
                .labelNames("stability_level", "deprecated_version")
                .register(registry);
        registered.labelValues("ALPHA", "").inc(alpha + 1.0);
        registered.labelValues("BETA", "").inc(OWN - 1.0);
        counter("disabled_metrics_total", "[BETA] Metrics that are switched off")
                .register(registry);
        counter("hidden_metrics_total", "[BETA] Metrics that are hidden").register(registry);
        counter(
                        "cardinality_enforcement_unexpected_categorizations_total",
                        "[ALPHA] Label values that an allow list did not foresee")
                .register(registry);
    }

    private static Counter.Builder counter(String name, String help) {
        return Counter.builder().name(name).help(help).withoutExemplars();
    }
}
