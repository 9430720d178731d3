package io.fairlead.netfilter.trace;

import java.util.Optional;

/** Which rule, and how its owner's program prints it. */
public interface RuleRef {

    /** {@code nat}, or for nftables with the family: {@code ip kube-proxy}. */
    String table();

    String chain();

    /** The rule's comment, when it has one. */
    Optional<String> comment();

    /** The rule as iptables-save or nft prints it. */
    String text();
}
