package io.fairlead.netfilter.trace;

import java.util.Optional;

/** Numbers as iptables writes them in rules. */
final class Numbers {

    private Numbers() {}

    /**
     * {@code VALUE[/MASK]}, unsigned 32 bits.
     *
     * @param mask all ones when none is written
     */
    record Masked(int value, int mask) {}

    static Optional<Masked> masked(String text) {
        int slash = text.indexOf('/');
        long value = number(slash < 0 ? text : text.substring(0, slash));
        long mask = slash < 0 ? 0xffff_ffffL : number(text.substring(slash + 1));
        return value < 0 || mask < 0 ? Optional.empty() : Optional.of(new Masked((int) value, (int) mask));
    }

    /** Decimal or {@code 0x…}, up to 32 bits; -1 when it is not one. */
    static long number(String text) {
        try {
            long value = text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
            return value > 0xffff_ffffL ? -1 : value;
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    /** {@code 80,443,8000:8010}: whether one of them is the port. */
    static boolean listsPort(String list, int port) {
        for (var part : list.split(",", -1)) {
            int colon = part.indexOf(':');
            long first = number(colon < 0 ? part : part.substring(0, colon));
            long last = colon < 0 ? first : number(part.substring(colon + 1));
            if (first >= 0 && first <= port && port <= last) {
                return true;
            }
        }
        return false;
    }
}
