package io.fairlead.proxy.iptables;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * How the kernel differs from what it should hold.
 *
 * @param scaffold what is missing of the frame
 * @param shared shared chains that do not hold what they should
 * @param services Services with a chain of their own that is missing or holds something else
 * @param chainsToWrite how many chains those Services have
 * @param staleChains chains of Services or endpoints that are gone, a chain before those it jumps to
 * @param cold no shared chain holds a rule: nothing works yet that a slow change could interrupt
 * @param expected how many rules there should be
 */
record Drift(
        Scaffold scaffold,
        Set<SharedChain> shared,
        Collection<NamespacedName> services,
        int chainsToWrite,
        List<String> staleChains,
        boolean cold,
        RuleTotals expected) {

    int count() {
        return scaffold.chains().size()
                + scaffold.jumps().size()
                + shared.size()
                + services.size()
                + staleChains.size();
    }
}
