package io.fairlead.netfilter.nftables;

import java.util.Optional;

/**
 * A list of rules.
 *
 * @param hook of a base chain; empty for one that is only jumped to
 * @param comment empty for none
 */
public record Chain(String name, Optional<Hook> hook, String comment) {

    public static Chain regular(String name) {
        return new Chain(name, Optional.empty(), "");
    }

    public static Chain base(String name, Hook hook) {
        return new Chain(name, Optional.of(hook), "");
    }

    public Chain withComment(String text) {
        return new Chain(name, hook, text);
    }
}
