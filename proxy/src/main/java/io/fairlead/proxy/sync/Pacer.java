package io.fairlead.proxy.sync;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When to run next (spec section 4.7): at once when asked, but never sooner than {@code minInterval} after the end of the
 * last run; after a failure again within {@code retryInterval}; and every {@code maxInterval} in any case. Requests that
 * come during a run, or while waiting, cause one more run together.
 *
 * <p>Pure bookkeeping over a clock that the caller reads ({@link System#nanoTime}); not thread-safe.
 */
public final class Pacer {

    static final Duration URGENT_INTERVAL = Duration.ofSeconds(1);

    private final long minInterval;
    private final long retryInterval;
    private final long maxInterval;

    private boolean running;
    private boolean requested;
    private boolean urgedWhileRunning;
    private OptionalLong lastUrge = OptionalLong.empty();
    private long earliest;
    private long latest;

    public Pacer(Duration minInterval, Duration retryInterval, Duration maxInterval, long now) {
        if (maxInterval.compareTo(minInterval) < 0) {
            throw new IllegalArgumentException(
                    "the longest interval (" + maxInterval + ") is below the shortest (" + minInterval + ")");
        }
        this.minInterval = minInterval.toNanos();
        this.retryInterval = retryInterval.toNanos();
        this.maxInterval = maxInterval.toNanos();
        earliest = now;
        latest = now + this.maxInterval;
    }

    /** Asks for a run. */
    public void request() {
        requested = true;
    }

    /**
     * Asks for a run without a wait. What asks again and again within {@link #URGENT_INTERVAL} waits like any other request:
     * two programs that undo each other's work must not keep the machine busy.
     */
    public void urge(long now) {
        requested = true;
        if (lastUrge.isEmpty() || now - lastUrge.getAsLong() >= URGENT_INTERVAL.toNanos()) {
            lastUrge = OptionalLong.of(now);
            if (running) {
                urgedWhileRunning = true;
            } else {
                earliest = now;
            }
        }
    }

    /** Nanoseconds until the next run is due, 0 when it is; empty while one is running. */
    public OptionalLong delay(long now) {
        if (running) {
            return OptionalLong.empty();
        }
        long untilEarliest = earliest - now;
        long due = requested ? untilEarliest : Math.max(untilEarliest, latest - now);
        return OptionalLong.of(Math.max(0, due));
    }

    /** A run has begun and not ended. */
    boolean running() {
        return running;
    }

    /** A run begins, and takes all requests made so far with it. */
    public void started() {
        running = true;
        requested = false;
    }

    /** The run ended. */
    public void finished(long now, boolean success) {
        running = false;
        earliest = urgedWhileRunning ? now : now + minInterval;
        urgedWhileRunning = false;
        latest = now + (success ? maxInterval : Math.min(retryInterval, maxInterval));
    }
}
