package io.fairlead.proxy.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private long now = -3 * SECOND; // System.nanoTime may be negative

    private final Pacer pacer = new Pacer(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofHours(1), now);

    @Test
    void theFirstRequestRunsAtOnce() {
        assertThat(pacer.delay(now)).hasValue(3600 * SECOND);
        pacer.request();
        assertThat(pacer.delay(now)).hasValue(0);
    }

    @Test
    void theMinimumIntervalCountsFromTheEndOfARun() {
        run(5 * SECOND, true);
        pacer.request();
        assertThat(pacer.delay(now)).hasValue(SECOND);
        now += SECOND;
        assertThat(pacer.delay(now)).hasValue(0);
    }

    @Test
    void requestsDuringARunCauseExactlyOneMore() {
        pacer.request();
        pacer.started();
        pacer.request();
        pacer.request();
        assertThat(pacer.delay(now)).isEmpty();
        pacer.finished(now, true);
        assertThat(pacer.delay(now)).hasValue(SECOND);
        run(0, true);
        assertThat(pacer.delay(now)).hasValue(3600 * SECOND);
    }

    @Test
    void aFailureIsRetriedWithoutARequest() {
        run(0, false);
        assertThat(pacer.delay(now)).hasValue(30 * SECOND);
    }

    @Test
    void aSuccessfulRunCancelsThePendingRetry() {
        run(0, false);
        now += SECOND;
        run(0, true);
        assertThat(pacer.delay(now)).hasValue(3600 * SECOND);
    }

    @Test
    void aRetryShorterThanTheMinimumWaitsForTheMinimum() {
        var eager = new Pacer(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofHours(1), now);
        eager.request();
        eager.started();
        eager.finished(now, false);
        assertThat(eager.delay(now)).hasValue(5 * SECOND);
    }

    @Test
    void aMaximumBelowTheMinimumIsRefused() {
        assertThatThrownBy(() -> new Pacer(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(1), now))
                .hasMessageContaining("PT1S");
    }

    private void run(long nanos, boolean success) {
        pacer.request();
        pacer.started();
        now += nanos;
        pacer.finished(now, success);
    }
}
