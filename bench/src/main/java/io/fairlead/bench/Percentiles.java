package io.fairlead.bench;

import java.util.Collection;

/** Some of the times measured, in milliseconds. */
record Percentiles(int count, double p50, double p99, double max) {

    /** @param nanos at least one */
    static Percentiles of(Collection<Long> nanos) {
        var sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Percentiles(sorted.length, at(sorted, 0.50), at(sorted, 0.99), sorted[sorted.length - 1] / 1e6);
    }

    /** The smallest value that at least this part of all does not exceed. */
    private static double at(long[] sorted, double part) {
        return sorted[(int) Math.ceil(part * sorted.length) - 1] / 1e6;
    }

    @Override
    public String toString() {
        return "p50 %7.2f ms  p99 %7.2f ms  max %7.2f ms  (%d)".formatted(p50, p99, max, count);
    }
}
