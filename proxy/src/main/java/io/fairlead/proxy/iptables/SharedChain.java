package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.Table;
import java.util.LinkedHashSet;
import java.util.Set;

/** A chain that holds rules of more than one Service, or of none. */
record SharedChain(Table table, String name) {

    /** {@code nat KUBE-SERVICES}. */
    @Override
    public String toString() {
        return table + " " + name;
    }

    /** Those whose content is ours under these settings, filter first, in the order in which they are declared. */
    static Set<SharedChain> all(RuleSettings settings) {
        var all = new LinkedHashSet<SharedChain>();
        FixedRules.filterChains(settings).forEach(chain -> all.add(new SharedChain(Table.FILTER, chain)));
        FixedRules.natChains().forEach(chain -> all.add(new SharedChain(Table.NAT, chain)));
        return all;
    }
}
