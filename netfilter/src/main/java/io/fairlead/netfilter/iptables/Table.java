package io.fairlead.netfilter.iptables;

import java.util.Locale;
import java.util.Optional;

/** The tables of iptables(8). */
public enum Table {
    RAW,
    MANGLE,
    NAT,
    FILTER,
    SECURITY;

    private final String text = name().toLowerCase(Locale.ROOT);

    public static Optional<Table> of(String text) {
        for (var table : values()) {
            if (table.text.equals(text)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    /** As written after {@code -t} and {@code *}. */
    @Override
    public String toString() {
        return text;
    }
}
