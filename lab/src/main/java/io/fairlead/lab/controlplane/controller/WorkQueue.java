package io.fairlead.lab.controlplane.controller;

import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Names of objects to look at, each at most once, some not before a certain time. Safe for use by many threads. */
final class WorkQueue {

    private record Later(NamespacedName key, long nanoTime) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<NamespacedName> due = new LinkedHashSet<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>((one, other) -> Long.signum(one.nanoTime() - other.nanoTime()));
    private boolean closed;

    void add(NamespacedName key) {
        lock.lock();
        try {
            if (due.add(key)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void addAfter(NamespacedName key, Duration delay) {
        lock.lock();
        try {
            later.add(new Later(key, System.nanoTime() + delay.toNanos()));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next; empty once closed. */
    Optional<NamespacedName> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long now = System.nanoTime();
                while (!later.isEmpty() && later.peek().nanoTime() - now <= 0) {
                    due.add(later.poll().key());
                }
                if (!due.isEmpty()) {
                    var next = due.iterator().next();
                    due.remove(next);
                    return Optional.of(next);
                }
                if (later.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(later.peek().nanoTime() - now);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
