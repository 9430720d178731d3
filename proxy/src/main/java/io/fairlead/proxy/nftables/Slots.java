package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Value;
import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who of the endpoints that are wanted was found at which index in the kernel. */
final class Slots {

    private final List<RoutedEndpoint> wanted;
    private final @Nullable RoutedEndpoint[] at;
    private final BitSet used;

    Slots(List<RoutedEndpoint> wanted) {
        this.wanted = wanted;
        at = new RoutedEndpoint[wanted.size()];
        used = new BitSet(wanted.size());
    }

    int size() {
        return at.length;
    }

    /**
     * Sees what one element says; there may be several for an index, one for each place that leads to these endpoints.
     *
     * @return whether that is who has the index from now on
     */
    boolean see(int index, Value value) {
        var there = at[index];
        if (there != null) {
            return Endpoints.says(value, there);
        }
        int candidate = find(index, value);
        if (candidate < 0) {
            return false;
        }
        used.set(candidate);
        at[index] = wanted.get(candidate);
        return true;
    }

    /** Nearly always at the index itself. */
    private int find(int index, Value value) {
        if (!used.get(index) && Endpoints.says(value, wanted.get(index))) {
            return index;
        }
        for (int i = used.nextClearBit(0); i < wanted.size(); i = used.nextClearBit(i + 1)) {
            if (Endpoints.says(value, wanted.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Everybody's index: those found keep theirs. */
    List<RoutedEndpoint> filled() {
        return Placement.fill(at.length, i -> at[i], wanted);
    }
}
