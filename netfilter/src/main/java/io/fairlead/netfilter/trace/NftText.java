package io.fairlead.netfilter.trace;

/** Words for a rule of nftables. */
final class NftText {

    private NftText() {}

    static String of(NftablesRule rule) {
        var comment = rule.comment().map(text -> " comment \"" + text + "\"").orElse("");
        return rule.chain() + " rule " + (rule.index() + 1) + comment;
    }
}
