package io.fairlead.proxy.metrics;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Upper bounds in seconds, +Inf left out (spec: process, section 5.1). */
final class Buckets {

    private Buckets() {}

    /** 1 ms doubled up to 16.384 s. */
    static double[] sync() {
        return IntStream.range(0, 15).mapToDouble(i -> (1 << i) / 1000.0).toArray();
    }

    /** From the change of an endpoint to the packets following it: fine up to a minute, coarse up to five. */
    static double[] networkProgramming() {
        return Stream.of(DoubleStream.of(0, 0.25, 0.5), steps(1, 59, 1), steps(60, 115, 5), steps(120, 300, 30))
                .flatMapToDouble(bounds -> bounds)
                .toArray();
    }

    /** Of requests to the API server. */
    static double[] apiLatency() {
        return new double[] {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
    }

    private static DoubleStream steps(int from, int to, int step) {
        return IntStream.iterate(from, i -> i <= to, i -> i + step).asDoubleStream();
    }
}
