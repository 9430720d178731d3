package io.fairlead.lab.kubelet;

import java.util.BitSet;

/** Host numbers of pods in their node's pod CIDR: the next one after the last one given, so that none is reused soon. */
final class PodNumbers {

    private static final int FIRST = 2; // 1 is the node's own
    private static final int LAST = 254;

    private final BitSet used = new BitSet();
    private int next;

    /** @param first the first to give; 2–254 */
    PodNumbers(int first) {
        if (first < FIRST || first > LAST) {
            throw new IllegalArgumentException("first pod number " + first + " is not in " + FIRST + "–" + LAST);
        }
        this.next = first;
    }

    /** @throws IllegalStateException when all are taken */
    synchronized int take() {
        if (used.cardinality() > LAST - FIRST) {
            throw new IllegalStateException("no IP addresses available in range set: " + (LAST - FIRST + 1) + " pods");
        }
        while (used.get(next)) {
            next = following(next);
        }
        int number = next;
        used.set(number);
        next = following(number);
        return number;
    }

    private static int following(int number) {
        return number == LAST ? FIRST : number + 1;
    }

    synchronized void giveBack(int number) {
        used.clear(number);
    }
}
