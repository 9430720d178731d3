package io.fairlead.proxy.nftables;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chains that nothing leads to any more. They are deleted a little later and in a transaction of their own: before Linux 6.2
 * the kernel takes a chain for used for a moment after the last element that led to it has gone, and would refuse (spec
 * section 3.7). A Service that needs one again meanwhile finds it still there.
 */
final class StaleChains {

    private static final long AGE_NANOS = 1_000_000_000;

    private record Left(long since, boolean intact) {}

    private final Map<String, Left> left = new LinkedHashMap<>();
    private long now;

    /** Sets the time ({@link System#nanoTime}) that what is left from here on is left at. */
    void at(long nanos) {
        now = nanos;
    }

    /** @param intact whether its rules are still in it */
    void leave(String chain, boolean intact) {
        left.put(chain, new Left(now, intact));
    }

    /**
     * Somebody leads to it again.
     *
     * @return whether it is there with its rules
     */
    boolean takeUp(String chain) {
        var found = left.remove(chain);
        return found != null && found.intact();
    }

    Set<String> all() {
        return left.keySet();
    }

    /** Those that have been left long enough. */
    List<String> due() {
        var due = new ArrayList<String>();
        left.forEach((chain, found) -> {
            if (now - found.since() >= AGE_NANOS) {
                due.add(chain);
            }
        });
        return due;
    }

    void deleted(List<String> chains) {
        chains.forEach(left::remove);
    }

    void forget() {
        left.clear();
    }
}
