package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Whole chains in one restore, laid out as kube-proxy lays out a sync (spec section 3.4): all of them, or some shared chains
 * and the chains of some Services. Services come by namespace, name and port. Rules are made while they are written:
 * nothing of the size of the cluster is kept.
 *
 * @param shared the shared chains to write, each completely
 * @param own the Services whose own chains to write
 */
record RulesetScript(
        RoutingTable table,
        RuleSettings settings,
        boolean endpointComments,
        Set<SharedChain> shared,
        Collection<NamespacedName> own)
        implements RestoreScript {

    /** Everything there is to write. */
    static RulesetScript full(RoutingTable table, RuleSettings settings, boolean endpointComments) {
        return new RulesetScript(
                table,
                settings,
                endpointComments,
                SharedChain.all(settings),
                table.services().keySet());
    }

    @Override
    public void writeTo(RestoreSink sink) {
        if (writes(Table.FILTER)) {
            sink.table(Table.FILTER);
            declare(sink, Table.FILTER, FixedRules.filterChains(settings));
            append(sink, Table.FILTER, FixedRules.filterHead(settings));
            forEachPort(table.services().keySet(), rules -> append(sink, Table.FILTER, rules.filter()));
            append(sink, Table.FILTER, FixedRules.filterTail(settings));
            sink.commit();
        }
        boolean sharedNat = writes(Table.NAT);
        if (sharedNat || !own.isEmpty()) {
            sink.table(Table.NAT);
            declare(sink, Table.NAT, FixedRules.natChains());
            forEachPort(own, rules -> rules.chains().forEach(sink::chain));
            append(sink, Table.NAT, FixedRules.natHead(settings));
            writeNat(sink, sharedNat);
            append(sink, Table.NAT, FixedRules.natTail(settings));
            sink.commit();
        }
    }

    private void writeNat(RestoreSink sink, boolean sharedNat) {
        var ownNames = Set.copyOf(own);
        for (var name : new TreeSet<>(sharedNat ? table.services().keySet() : own)) {
            for (var port : table.portsOf(name)) {
                var rules = ServiceRules.of(port, settings, endpointComments);
                append(sink, Table.NAT, rules.nat());
                if (ownNames.contains(name)) {
                    append(sink, rules.own());
                }
            }
        }
    }

    private boolean writes(Table which) {
        return shared.stream().anyMatch(chain -> chain.table() == which);
    }

    private void declare(RestoreSink sink, Table where, List<String> chains) {
        for (var chain : chains) {
            if (shared.contains(new SharedChain(where, chain))) {
                sink.chain(chain);
            }
        }
    }

    private void append(RestoreSink sink, Table where, List<PlacedRule> rules) {
        for (var placed : rules) {
            if (shared.contains(new SharedChain(where, placed.chain()))) {
                sink.append(placed.chain(), placed.rule());
            }
        }
    }

    private void forEachPort(Collection<NamespacedName> names, Consumer<ServicePortRules> action) {
        for (var name : new TreeSet<>(names)) {
            for (var port : table.portsOf(name)) {
                action.accept(ServiceRules.of(port, settings, endpointComments));
            }
        }
    }

    static void append(RestoreSink sink, Collection<PlacedRule> rules) {
        for (var placed : rules) {
            sink.append(placed.chain(), placed.rule());
        }
    }
}
