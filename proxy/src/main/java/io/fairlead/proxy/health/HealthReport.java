package io.fairlead.proxy.health;

import io.fairlead.netfilter.ip.IpFamily;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.SortedMap;

/**
 * The proxy's health at one moment.
 *
 * @param complete every family has been written
 * @param punctual no family is late
 * @param families those that have been written
 */
record HealthReport(
        Instant now, boolean complete, boolean punctual, boolean eligible, SortedMap<IpFamily, Family> families) {

    /** One family: when it was last written, and that it is not late. */
    record Family(Instant updated, boolean healthy) {}

    // Go's time.RFC3339Nano: fractions without trailing zeros.
    private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral('Z')
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    /** Go's zero time. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    boolean healthy() {
        return complete && punctual;
    }

    /** The body of {@code /healthz}. */
    String readiness() {
        return body(healthy() && eligible, "\"nodeEligible\":" + eligible + ",", healthy());
    }

    /** The body of {@code /livez}. */
    String liveness() {
        return body(punctual, "", punctual);
    }

    private String body(boolean good, String node, boolean healthy) {
        var text = new StringBuilder(256)
                .append("{\"lastUpdated\":\"")
                .append(text(good ? now : latest()))
                .append("\",\"currentTime\":\"")
                .append(text(now))
                .append("\",")
                .append(node)
                .append("\"healthy\":")
                .append(healthy);
        if (!families.isEmpty()) {
            text.append(",\"status\":{");
            var comma = "";
            for (var entry : families.entrySet()) {
                text.append(comma)
                        .append('"')
                        .append(entry.getKey())
                        .append("\":{\"lastUpdated\":\"")
                        .append(text(entry.getValue().updated()))
                        .append("\",\"healthy\":")
                        .append(entry.getValue().healthy())
                        .append('}');
                comma = ",";
            }
            text.append('}');
        }
        return text.append('}').toString();
    }

    private Instant latest() {
        return families.values().stream()
                .map(Family::updated)
                .max(Instant::compareTo)
                .orElse(NEVER);
    }

    private static String text(Instant time) {
        return RFC_3339.format(time);
    }
}
