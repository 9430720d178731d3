package io.fairlead.proxy.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.math.BigDecimal;

/**
 * Prometheus' text format 0.0.4 with Go's numbers: a bucket is {@code le="1"}, where the client library's own writer says
 * {@code le="1.0"} and thereby makes another series of it than the one kube-proxy's scrapes have filled.
 */
final class TextFormat {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder(32 * 1024);

    private TextFormat() {}

    static String write(MetricSnapshots snapshots) {
        var text = new TextFormat();
        for (var snapshot : snapshots) {
            text.family(snapshot);
        }
        return text.out.toString();
    }

    private void family(MetricSnapshot snapshot) {
        if (snapshot.getDataPoints().isEmpty()) {
            return;
        }
        var name = snapshot.getMetadata().getPrometheusName();
        switch (snapshot) {
            case CounterSnapshot counter -> {
                var total = name.endsWith("_total") ? name : name + "_total";
                head(snapshot, total, "counter");
                counter.getDataPoints().forEach(point -> sample(total, point.getLabels(), point.getValue()));
            }
            case GaugeSnapshot gauge -> {
                head(snapshot, name, "gauge");
                gauge.getDataPoints().forEach(point -> sample(name, point.getLabels(), point.getValue()));
            }
            case InfoSnapshot info -> {
                head(snapshot, name + "_info", "gauge");
                info.getDataPoints().forEach(point -> sample(name + "_info", point.getLabels(), 1));
            }
            case SummarySnapshot summary -> {
                head(snapshot, name, "summary");
                summary.getDataPoints().forEach(point -> {
                    sample(name + "_sum", point.getLabels(), point.getSum());
                    sample(name + "_count", point.getLabels(), (double) point.getCount());
                });
            }
            case HistogramSnapshot histogram -> {
                head(snapshot, name, "histogram");
                histogram.getDataPoints().forEach(point -> histogram(name, point));
            }
            default -> throw new IllegalArgumentException(name + ": no text for " + snapshot.getClass());
        }
    }

    private void histogram(String name, HistogramSnapshot.HistogramDataPointSnapshot point) {
        ClassicHistogramBuckets buckets = point.getClassicBuckets();
        long count = 0;
        for (int i = 0; i < buckets.size(); i++) {
            count += buckets.getCount(i);
            sample(name + "_bucket", point.getLabels().add("le", number(buckets.getUpperBound(i))), (double) count);
        }
        sample(name + "_sum", point.getLabels(), point.getSum());
        sample(name + "_count", point.getLabels(), (double) count);
    }

    private void head(MetricSnapshot snapshot, String name, String type) {
        var help = snapshot.getMetadata().getHelp();
        if (help != null) {
            out.append("# HELP ").append(name).append(' ');
            out.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        }
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void sample(String name, Labels labels, double value) {
        out.append(name);
        if (!labels.isEmpty()) {
            char before = '{';
            for (int i = 0; i < labels.size(); i++) {
                out.append(before).append(labels.getPrometheusName(i)).append("=\"");
                out.append(escaped(labels.getValue(i))).append('"');
                before = ',';
            }
            out.append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** As Go's {@code strconv.FormatFloat(value, 'g', -1, 64)}, except that large numbers are written out. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        return size >= 1e-4 && size < 1e15
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
