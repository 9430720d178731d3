package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Rule;
import java.util.List;

/** A chain and what is to be in it. */
record ChainPlan(Chain chain, List<Rule> rules) {

    ChainPlan {
        rules = List.copyOf(rules);
    }

    static ChainPlan of(String name, Rule... rules) {
        return new ChainPlan(Chain.regular(name), List.of(rules));
    }

    String name() {
        return chain.name();
    }
}
