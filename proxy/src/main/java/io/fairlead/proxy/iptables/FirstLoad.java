package io.fairlead.proxy.iptables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Edits of bounded size that add all Services to a kernel that has the shared chains, but nothing of any Service. Each is
 * made when it is its turn: nothing of the size of the cluster is kept.
 *
 * <p>The last Services come first, each edit putting its shared rules on top of those before it: the order is the usual one
 * in the end, and the nf_tables back end never has to read a shared chain to find the place for a rule.
 */
final class FirstLoad implements Iterator<Edit> {

    private final RoutingTable desired;
    private final RuleSettings settings;
    private final boolean comments;
    private final int maxChains;
    private final Iterator<NamespacedName> names;

    /** @param maxChains after how many chains an edit ends */
    FirstLoad(RoutingTable desired, RuleSettings settings, int maxChains) {
        this.desired = desired;
        this.settings = settings;
        this.maxChains = maxChains;
        comments = Applied.withComments(desired);
        names = new TreeSet<>(desired.services().keySet()).descendingIterator();
    }

    @Override
    public boolean hasNext() {
        return names.hasNext();
    }

    @Override
    public Edit next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var backwards = new ArrayList<ServicePortRules>();
        int chains = 0;
        while (names.hasNext() && chains < maxChains) {
            for (var port : desired.portsOf(names.next()).reversed()) {
                var rules = ServiceRules.of(port, settings, comments);
                backwards.add(rules);
                chains += rules.chains().size();
            }
        }
        var edit = Edit.onTop(settings);
        backwards.reversed().forEach(rules -> edit.change(Optional.empty(), Optional.of(rules), false));
        return edit;
    }
}
