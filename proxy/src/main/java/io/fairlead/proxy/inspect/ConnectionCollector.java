package io.fairlead.proxy.inspect;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * Connections by Service port and endpoint as a metric, read from the kernel by each scrape: the busiest, up to a number that
 * the operator has chosen, because each is a time series of its own.
 */
public record ConnectionCollector(Inspection inspection, int limit) implements MultiCollector {

    @Override
    public MetricSnapshots collect() {
        var report = inspection.counts(limit);
        var connections = CounterSnapshot.builder()
                .name("fairlead_service_connections")
                .help("Connections that the kernel has given to an endpoint since its rules were last written.");
        for (var count : report.counts()) {
            connections.dataPoint(CounterDataPointSnapshot.builder()
                    .value((double) count.connections())
                    .labels(Labels.of(
                            "namespace", count.port().service().namespace(),
                            "service", count.port().service().name(),
                            "port", count.port().port(),
                            "protocol", count.port().protocol().text(),
                            "endpoint", count.endpoint().text()))
                    .build());
        }
        var omitted = GaugeSnapshot.builder()
                .name("fairlead_service_connections_omitted")
                .help("Endpoints that are not counted here because there are more than --service-counters.")
                .dataPoint(
                        GaugeDataPointSnapshot.builder().value(report.omitted()).build());
        return new MetricSnapshots(connections.build(), omitted.build());
    }
}
