package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;

/** What a rule does with a packet that meets all its conditions. */
public sealed interface Target {

    /** The verdicts built into iptables. */
    enum Verdict implements Target {
        ACCEPT,
        DROP,
        RETURN
    }

    /** {@code -j CHAIN}: comes back when the chain ends. */
    record Jump(String chain) implements Target {}

    /** {@code -g CHAIN}: does not come back. */
    record Goto(String chain) implements Target {}

    /** {@code -j DNAT --to-destination TO}: {@code 10.0.0.1:80}, {@code [fd00::1]:80}, or a range as text. */
    record Dnat(String to) implements Target {}

    /** {@code -j MASQUERADE [--to-ports A-B] [--random-fully]}. */
    record Masquerade(Optional<String> toPorts, boolean randomFully) implements Target {}

    /**
     * {@code -j MARK --set-xmark VALUE/MASK}: mark = (mark &amp; ~mask) ^ value, unsigned 32 bits. {@code --or-mark X} is
     * X/X, {@code --xor-mark X} is X/0.
     */
    record SetMark(int value, int mask) implements Target {}

    /**
     * {@code -j REJECT [--reject-with TYPE]}; without a type the family's port-unreachable.
     */
    record Reject(Optional<String> with) implements Target {}

    /**
     * A target that has no type here: kept word for word.
     *
     * @param words the unquoted words after {@code -j NAME}
     */
    record Verbatim(String name, List<String> words) implements Target {
        public Verbatim {
            words = List.copyOf(words);
        }
    }
}
