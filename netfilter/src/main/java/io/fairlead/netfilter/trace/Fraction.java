package io.fairlead.netfilter.trace;

import java.math.BigInteger;

/**
 * An exact share between 0 and 1, in lowest terms.
 *
 * @param denominator positive
 */
public record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {

    public static final Fraction ZERO = of(0, 1);
    public static final Fraction ONE = of(1, 1);

    /** The kernel keeps a probability in these units (xt_statistic.h). */
    private static final long STATISTIC_ONE = 1L << 31;

    public Fraction {
        if (denominator.signum() <= 0
                || numerator.signum() < 0
                || numerator.compareTo(denominator) > 0
                || !numerator.gcd(denominator).equals(BigInteger.ONE)) {
            throw new IllegalArgumentException(numerator + "/" + denominator + " is not a share in lowest terms");
        }
    }

    public static Fraction of(long numerator, long denominator) {
        return reduced(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    private static Fraction reduced(BigInteger numerator, BigInteger denominator) {
        var divisor = numerator.gcd(denominator);
        return new Fraction(numerator.divide(divisor), denominator.divide(divisor));
    }

    /**
     * What {@code --probability} was meant to say: of all fractions that the kernel cannot tell from this number, the one
     * with the smallest denominator. 0.33333333349 is 1/3.
     *
     * @param probability 0–1
     */
    public static Fraction ofStatistic(double probability) {
        long units = Math.round(probability * STATISTIC_ONE);
        if (units == 0) {
            return ZERO;
        }
        return units == STATISTIC_ONE
                ? ONE
                : simplest(2 * units - 1, 2 * STATISTIC_ONE, 2 * units + 1, 2 * STATISTIC_ONE);
    }

    /** The fraction with the smallest denominator between two others: one step of both continued fractions at a time. */
    private static Fraction simplest(long lowN, long lowD, long highN, long highD) {
        long p0 = 0;
        long q0 = 1;
        long p1 = 1;
        long q1 = 0;
        while (true) {
            long whole = lowN / lowD;
            boolean here = whole * lowD == lowN || whole < highN / highD;
            long term = here && whole * lowD != lowN ? whole + 1 : whole;
            long p = term * p1 + p0;
            long q = term * q1 + q0;
            if (here) {
                return of(p, q);
            }
            p0 = p1;
            q0 = q1;
            p1 = p;
            q1 = q;
            long nextLowD = highN - whole * highD;
            long nextHighD = lowN - whole * lowD;
            lowN = highD;
            highN = lowD;
            lowD = nextLowD;
            highD = nextHighD;
        }
    }

    public Fraction times(Fraction other) {
        return reduced(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    public Fraction plus(Fraction other) {
        return reduced(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /** 1 − this. */
    public Fraction complement() {
        return new Fraction(denominator.subtract(numerator), denominator);
    }

    public boolean isZero() {
        return numerator.signum() == 0;
    }

    public boolean isOne() {
        return numerator.equals(denominator);
    }

    public double toDouble() {
        return new java.math.BigDecimal(numerator)
                .divide(new java.math.BigDecimal(denominator), java.math.MathContext.DECIMAL64)
                .doubleValue();
    }

    @Override
    public int compareTo(Fraction other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    /** {@code 1/3}, {@code 0} or {@code 1}. */
    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
