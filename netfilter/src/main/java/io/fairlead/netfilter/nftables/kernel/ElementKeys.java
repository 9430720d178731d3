package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which elements of a set have been seen: 64 bits of each, in a table with open addressing. Two keys are taken for one by a
 * chance of one in 10⁸ among a million; the bits depend on a random seed, so that nobody can choose such keys.
 */
final class ElementKeys {

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private long[] table = new long[64];
    private int size;

    int size() {
        return size;
    }

    /** @return false when it has been seen */
    boolean add(Element element) {
        long bits = fold(seed, element.key());
        if (element.keyEnd().isPresent()) {
            bits = fold(bits + 1, element.keyEnd().get());
        }
        return add(element.intervalEnd() ? mix(~bits) : bits);
    }

    private static long fold(long start, Data data) {
        long bits = start;
        for (int at = 0; at < data.length(); at++) {
            bits = mix((bits ^ data.at(at)) * MULTIPLIER);
        }
        return mix(bits ^ data.length());
    }

    private static long mix(long bits) {
        return bits ^ bits >>> 29;
    }

    private boolean add(long bits) {
        // Zero marks a free place.
        long stored = bits == 0 ? 1 : bits;
        int at = place(table, stored);
        if (table[at] == stored) {
            return false;
        }
        table[at] = stored;
        size++;
        if (size > table.length / 2) {
            grow();
        }
        return true;
    }

    private void grow() {
        var larger = new long[table.length * 2];
        Arrays.stream(table).filter(bits -> bits != 0).forEach(bits -> larger[place(larger, bits)] = bits);
        table = larger;
    }

    /** Where it is, or goes. */
    private static int place(long[] table, long bits) {
        int mask = table.length - 1;
        int at = (int) (bits * MULTIPLIER >>> 32) & mask;
        while (table[at] != 0 && table[at] != bits) {
            at = at + 1 & mask;
        }
        return at;
    }
}
