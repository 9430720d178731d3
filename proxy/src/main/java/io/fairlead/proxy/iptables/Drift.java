package io.fairlead.proxy.iptables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the kernel differs from what it should hold.
 *
 * @param scaffold what is missing of the frame
 * @param shared shared chains that do not hold what they should
 * @param services Services with a chain of their own that is missing or holds something else
 * @param chainsToWrite how many chains those Services have, about
 * @param staleChains chains of Services or endpoints that are gone, a chain before those it jumps to
 * @param cold no shared chain holds a rule: nothing works yet that a slow change could interrupt
 * @param expected how many rules there should be; empty when all of them are to be written, where they can be counted
 */
record Drift(
        Scaffold scaffold,
        Set<SharedChain> shared,
        Collection<NamespacedName> services,
        int chainsToWrite,
        List<String> staleChains,
        boolean cold,
        Optional<RuleTotals> expected) {

    /** A kernel without any rule or Service of ours: everything is to be written, whatever that is. */
    static Drift cold(Scaffold scaffold, RoutingTable desired, RuleSettings settings) {
        int chains = desired.services().values().stream()
                .flatMap(List::stream)
                .mapToInt(port -> port.endpoints().reachable().size() + 1)
                .sum();
        return new Drift(
                scaffold,
                SharedChain.all(settings),
                desired.services().keySet(),
                chains,
                List.of(),
                true,
                Optional.empty());
    }

    int count() {
        return scaffold.chains().size()
                + scaffold.jumps().size()
                + scaffold.mends().size()
                + shared.size()
                + services.size()
                + staleChains.size();
    }
}
