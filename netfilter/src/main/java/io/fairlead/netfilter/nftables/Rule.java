package io.fairlead.netfilter.nftables;

import java.util.List;

/**
 * A rule: the kernel evaluates the expressions one after the other until one does not match.
 *
 * @param comment empty for none; nft allows 128 bytes
 */
public record Rule(List<Expression> expressions, String comment) {

    public Rule {
        expressions = List.copyOf(expressions);
    }

    public static Rule of(Expression... expressions) {
        return new Rule(List.of(expressions), "");
    }

    public Rule withComment(String text) {
        return new Rule(expressions, text);
    }
}
