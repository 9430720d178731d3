package io.fairlead.netfilter.trace;

import java.util.List;

/** Rules that packets can be sent through. */
public abstract sealed class Rules permits IptablesRules, NftablesRules {

    /** In the order in which chains of equal priority are asked. */
    abstract List<BaseChain> baseChains();
}
