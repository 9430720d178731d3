package io.fairlead.lab.controlplane.rules;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Numbered things that Services take and give back: addresses, ports. What is taken is one immutable map at a time, so that
 * a dry run can look while a write goes on.
 *
 * <p>Those handed out without being asked for by name come from the upper part of the numbers first, so that the lower part
 * is left to those who ask, as in Kubernetes' allocators (KEP-3070, KEP-3668).
 *
 * @param <T> an address or a port
 */
final class Pool<T> {

    private final int size;
    private final int lowerPart;
    private final IntFunction<T> numbered;
    private final RandomGenerator random;
    private volatile PMap<T, NamespacedName> taken = HashTreePMap.empty();

    /**
     * @param size how many there are, numbered from 1
     * @param step how many of the numbers make for one of the lower part
     * @param least of the lower part, and {@code most}: its bounds
     */
    Pool(int size, int step, int least, int most, IntFunction<T> numbered, RandomGenerator random) {
        this.size = size;
        int lower = Math.min(Math.max(least, size / step), most);
        this.lowerPart = lower < size ? lower : 0;
        this.numbered = numbered;
        this.random = random;
    }

    Optional<NamespacedName> owner(T thing) {
        return Optional.ofNullable(taken.get(thing));
    }

    /** One that nobody has; empty if all are taken. */
    Optional<T> free(Set<T> except) {
        return search(lowerPart, size, except).or(() -> search(0, lowerPart, except));
    }

    private Optional<T> search(int from, int to, Set<T> except) {
        int span = to - from;
        if (span <= 0) {
            return Optional.empty();
        }
        int start = random.nextInt(span);
        for (int i = 0; i < span; i++) {
            var thing = numbered.apply(1 + from + (start + i) % span);
            if (!taken.containsKey(thing) && !except.contains(thing)) {
                return Optional.of(thing);
            }
        }
        return Optional.empty();
    }

    void take(T thing, NamespacedName owner) {
        taken = taken.plus(thing, owner);
    }

    void give(T thing, NamespacedName owner) {
        if (owner.equals(taken.get(thing))) {
            taken = taken.minus(thing);
        }
    }
}
