package io.fairlead.netfilter.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FractionTest {

    @Test
    void whatTheKernelKeepsOfAProbabilityIsReadAsTheFractionThatWasMeant() {
        assertThat(Fraction.ofStatistic(0.33333333349)).hasToString("1/3");
        assertThat(Fraction.ofStatistic(0.5)).hasToString("1/2");
        assertThat(Fraction.ofStatistic(0)).isEqualTo(Fraction.ZERO);
        assertThat(Fraction.ofStatistic(1)).isEqualTo(Fraction.ONE);
        assertThat(Fraction.ofStatistic(0.75)).hasToString("3/4");
        for (int n = 2; n <= 5_000; n++) {
            assertThat(Fraction.ofStatistic(Math.round(0x8000_0000L / (double) n) / (double) 0x8000_0000L))
                    .isEqualTo(Fraction.of(1, n));
        }
    }

    @Test
    void theSmallestProbabilityIsNotLost() {
        assertThat(Fraction.ofStatistic(1.0 / 0x8000_0000L).isZero()).isFalse();
    }

    @Test
    void sharesAddUpExactly() {
        var sum = LongStream.rangeClosed(1, 7).mapToObj(n -> Fraction.of(n, 28)).reduce(Fraction.ZERO, Fraction::plus);
        assertThat(sum).isEqualTo(Fraction.ONE);
        assertThat(Fraction.of(2, 3).times(Fraction.of(3, 4))).hasToString("1/2");
        assertThat(Fraction.of(1, 3).complement()).hasToString("2/3");
        assertThat(Fraction.of(1, 3)).isLessThan(Fraction.of(1, 2));
        assertThat(Fraction.of(1, 4).toDouble()).isEqualTo(0.25);
    }
}
