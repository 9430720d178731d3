package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;

/** How long ago something was, in one or two units: {@code 68s}, {@code 5m30s}, {@code 6d14h}. */
record Age(InstantSource clock) {

    private static final long YEAR_HOURS = 24 * 365L;

    /** @param time a timestamp; {@code <unknown>} if absent */
    String since(JsonNode time) {
        try {
            return time.isTextual()
                    ? text(Duration.between(Instant.parse(time.asText()), clock.instant()))
                    : "<unknown>";
        } catch (DateTimeParseException e) {
            return "<invalid>";
        }
    }

    static String text(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 120) {
            return Math.max(0, seconds) + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        if (hours < 24 * 8) {
            return two(hours / 24, "d", hours % 24, "h");
        }
        if (hours < 2 * YEAR_HOURS) {
            return hours / 24 + "d";
        }
        return hours < 8 * YEAR_HOURS ? two(hours / YEAR_HOURS, "y", hours / 24 % 365, "d") : hours / YEAR_HOURS + "y";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }
}
