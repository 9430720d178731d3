package io.fairlead.netfilter.iptables;

import java.util.Optional;

/** {@code VALUE[/MASK]}, unsigned 32 bits each; without a mask all bits count. */
record MaskedValue(int value, int mask) {

    static Optional<MaskedValue> parse(String text) {
        int slash = text.indexOf('/');
        long value = number(slash < 0 ? text : text.substring(0, slash));
        long mask = slash < 0 ? 0xffff_ffffL : number(text.substring(slash + 1));
        return value < 0 || mask < 0 ? Optional.empty() : Optional.of(new MaskedValue((int) value, (int) mask));
    }

    /** As strtoul with base 0 reads it; -1 when it does not. */
    private static long number(String text) {
        try {
            long value = text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseLong(text.substring(2), 16)
                    : Long.parseLong(text, text.length() > 1 && text.charAt(0) == '0' ? 8 : 10);
            return value > 0xffff_ffffL ? -1 : value;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
