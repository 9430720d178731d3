package io.fairlead.proxy.source;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a random time (full jitter, so that a cluster's nodes do not come back at the
 * same moment) below a bound that doubles from {@code first} to {@code longest}.
 */
final class Backoff {

    /** A server may ask for patience, not for silence. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(2);

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration bound;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.bound = first;
    }

    /** @param asked the server's Retry-After, which is waited for at least */
    Duration next(Optional<Duration> asked) {
        var jittered = Duration.ofMillis(random.nextLong(bound.toMillis() + 1));
        bound = min(bound.multipliedBy(2), longest);
        return asked.map(time -> min(time, LONGEST_ASKED).plus(jittered)).orElse(jittered);
    }

    void reset() {
        bound = first;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
