package io.fairlead.proxy.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Durations in Go's notation: {@code 1h2m3.5s}, {@code 0}, {@code -1s}. Range: 64 bits of nanoseconds, about ±292 years. */
public final class GoDuration {

    private static final Map<String, Long> UNITS = new TreeMap<>(Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L, // U+00B5, micro sign
            "μs", 1_000L, // U+03BC, Greek letter mu
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L));

    private GoDuration() {}

    /** @throws IllegalArgumentException with Go's own wording, which operators search for */
    public static Duration parse(String text) {
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (unsigned.equals("0")) {
            return Duration.ZERO;
        }
        if (unsigned.isEmpty()) {
            throw invalid(text);
        }
        var nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < unsigned.length()) {
            int unitAt = endOfNumber(unsigned, at);
            int end = endOfUnit(unsigned, unitAt);
            String number = unsigned.substring(at, unitAt);
            if (number.isEmpty() || number.equals(".") || number.indexOf('.') != number.lastIndexOf('.')) {
                throw invalid(text);
            }
            nanos = nanos.add(new BigDecimal(number)
                    .multiply(BigDecimal.valueOf(unit(unsigned, unitAt, end, text)))
                    .setScale(0, RoundingMode.DOWN));
            at = end;
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(text);
        }
        return Duration.ofNanos(text.startsWith("-") ? -nanos.longValueExact() : nanos.longValueExact());
    }

    private static long unit(String unsigned, int from, int to, String text) {
        if (from == to) {
            throw new IllegalArgumentException("time: missing unit in duration " + GoText.quote(text));
        }
        var unit = UNITS.get(unsigned.substring(from, to));
        if (unit == null) {
            throw new IllegalArgumentException("time: unknown unit " + GoText.quote(unsigned.substring(from, to))
                    + " in duration " + GoText.quote(text));
        }
        return unit;
    }

    private static int endOfNumber(String text, int from) {
        int at = from;
        while (at < text.length() && isNumberPart(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfUnit(String text, int from) {
        int at = from;
        while (at < text.length() && !isNumberPart(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isNumberPart(char c) {
        return c == '.' || c >= '0' && c <= '9';
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration " + GoText.quote(text));
    }

    /** As Go prints it: {@code 15m0s}, {@code 500ms}, {@code 1.5s}, {@code 0s}. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        String sign = duration.isNegative() ? "-" : "";
        long nanos = Math.abs(duration.toNanos());
        if (nanos < 1_000) {
            return sign + nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return sign + decimal(nanos, 3) + "µs";
        }
        if (nanos < 1_000_000_000) {
            return sign + decimal(nanos, 6) + "ms";
        }
        long minutes = nanos / 60_000_000_000L;
        String seconds = decimal(nanos % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes < 60 ? "" : minutes / 60 + "h") + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, int digits) {
        return value == 0
                ? "0"
                : BigDecimal.valueOf(value, digits).stripTrailingZeros().toPlainString();
    }
}
