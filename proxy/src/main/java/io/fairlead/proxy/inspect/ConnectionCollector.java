package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.conntrack.FlowCounts;
import io.fairlead.proxy.conntrack.EndpointTraffic;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * Traffic by Service port and endpoint as metrics, read by each scrape: of as many endpoints as the operator has chosen, because
 * each is several time series of its own, and of all others together.
 */
public record ConnectionCollector(Inspection inspection, int limit) implements MultiCollector {

    /** In the place of an endpoint, for all that have no series of their own. */
    private static final String OTHER = "other";

    private static final String TO_ENDPOINT = "request";
    private static final String FROM_ENDPOINT = "reply";

    @Override
    public MetricSnapshots collect() {
        var report = inspection.counts(limit);
        var connections = CounterSnapshot.builder()
                .name("fairlead_service_connections")
                .help("Connections that an endpoint of a Service got.");
        var packets = CounterSnapshot.builder()
                .name("fairlead_service_packets")
                .help("Packets of these connections, by direction, where the kernel counts them.");
        var bytes = CounterSnapshot.builder().name("fairlead_service_bytes").help("Bytes of these packets.");
        boolean accounting =
                report.metered().filter(CountsReport.Metered::accounting).isPresent();
        for (var traffic : report.endpoints()) {
            var labels = labels(traffic);
            connections.dataPoint(point(traffic.connections(), labels));
            if (accounting) {
                add(packets, bytes, traffic.counts(), labels);
            }
        }
        report.metered().map(CountsReport.Metered::report).ifPresent(it -> {
            var labels = labels("", "", "", "", OTHER);
            connections.dataPoint(point(it.otherConnections(), labels));
            if (accounting) {
                add(packets, bytes, it.otherCounts(), labels);
            }
        });
        var omitted = GaugeSnapshot.builder()
                .name("fairlead_service_connections_omitted")
                .help("Endpoints that are not counted here because there are more than --service-counters.")
                .dataPoint(
                        GaugeDataPointSnapshot.builder().value(report.omitted()).build());
        return new MetricSnapshots(connections.build(), packets.build(), bytes.build(), omitted.build());
    }

    private static void add(
            CounterSnapshot.Builder packets, CounterSnapshot.Builder bytes, FlowCounts counts, Labels labels) {
        var there = labels.merge(Labels.of("direction", TO_ENDPOINT));
        var back = labels.merge(Labels.of("direction", FROM_ENDPOINT));
        packets.dataPoint(point(counts.packets(), there)).dataPoint(point(counts.replyPackets(), back));
        bytes.dataPoint(point(counts.bytes(), there)).dataPoint(point(counts.replyBytes(), back));
    }

    private static CounterDataPointSnapshot point(long value, Labels labels) {
        return CounterDataPointSnapshot.builder()
                .value((double) value)
                .labels(labels)
                .build();
    }

    private static Labels labels(EndpointTraffic traffic) {
        return labels(
                traffic.port().service().namespace(),
                traffic.port().service().name(),
                traffic.port().port(),
                traffic.port().protocol().text(),
                traffic.endpoint());
    }

    private static Labels labels(String namespace, String service, String port, String protocol, String endpoint) {
        return Labels.of(
                "namespace", namespace, "service", service, "port", port, "protocol", protocol, "endpoint", endpoint);
    }
}
