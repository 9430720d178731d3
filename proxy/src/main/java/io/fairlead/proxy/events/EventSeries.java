package io.fairlead.proxy.events;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How often an event has happened, and when that is told: the first time, the second time, which makes it a series, from then
 * on rarely, and a last time when it has not happened for a while, which ends it.
 *
 * <p>For any number of threads that count and one that tells.
 */
final class EventSeries {

    /**
     * @param quiet a series is over when nothing was added to it for so long
     * @param refresh one that goes on is told again so often
     */
    record Times(Duration quiet, Duration refresh) {
        static final Times USUAL = new Times(Duration.ofMinutes(6), Duration.ofMinutes(30)); // client-go's
    }

    /** So many, the last at this time. */
    record State(int count, Instant last) {}

    private final Times times;
    private final CountDownLatch created = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition repeated = lock.newCondition();
    private State state;
    private long lastNanos = System.nanoTime();
    private long toldNanos = lastNanos;
    private int told = 1;
    private boolean over;

    /** It has happened once, and somebody is about to tell. */
    EventSeries(Times times, Instant now) {
        this.times = times;
        this.state = new State(1, now);
    }

    /** Counts one more; false when the series is over, and this is the first of another. */
    boolean repeat(Instant now) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            state = new State(state.count() + 1, now);
            lastNanos = System.nanoTime();
            repeated.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is to be told; empty when it is over. */
    Optional<State> next() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                long now = System.nanoTime();
                long quiet = times.quiet().toNanos() - (now - lastNanos);
                over |= quiet <= 0;
                boolean news = state.count() > told;
                long refresh = times.refresh().toNanos() - (now - toldNanos);
                if (news && (over || told == 1 || refresh <= 0)) {
                    told = state.count();
                    toldNanos = now;
                    return Optional.of(state);
                }
                if (over) {
                    return Optional.empty();
                }
                var _ = repeated.awaitNanos(news ? Math.min(quiet, refresh) : quiet);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The first has arrived or cannot. */
    void created() {
        created.countDown();
    }

    void awaitCreated(Duration most) throws InterruptedException {
        var _ = created.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }
}
