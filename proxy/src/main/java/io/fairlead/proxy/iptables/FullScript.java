package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The whole ruleset in one restore, laid out as kube-proxy lays out a full sync (spec section 3.4). Services come by
 * namespace, name and port. Rules are made while they are written: nothing of the size of the cluster is kept.
 */
public record FullScript(RoutingTable table, RuleSettings settings, boolean endpointComments, List<String> staleChains)
        implements RestoreScript {

    public FullScript {
        staleChains = List.copyOf(staleChains);
    }

    @Override
    public void writeTo(RestoreSink sink) {
        sink.table(Table.FILTER);
        FixedRules.filterChains(settings).forEach(sink::chain);
        append(sink, FixedRules.filterHead(settings));
        forEachPort(rules -> append(sink, rules.filter()));
        append(sink, FixedRules.filterTail(settings));
        sink.commit();
        sink.table(Table.NAT);
        FixedRules.natChains().forEach(sink::chain);
        forEachPort(rules -> rules.chains().forEach(sink::chain));
        staleChains.forEach(sink::chain);
        append(sink, FixedRules.natHead(settings));
        forEachPort(rules -> {
            append(sink, rules.nat());
            append(sink, rules.own());
        });
        staleChains.forEach(sink::deleteChain);
        append(sink, FixedRules.natTail(settings));
        sink.commit();
    }

    private void forEachPort(Consumer<ServicePortRules> action) {
        for (var name : inOrder(table.services().keySet())) {
            for (ServiceRouting port : table.portsOf(name)) {
                action.accept(ServiceRules.of(port, settings, endpointComments));
            }
        }
    }

    static Collection<NamespacedName> inOrder(Collection<NamespacedName> names) {
        return new TreeSet<>(names);
    }

    static void append(RestoreSink sink, Collection<PlacedRule> rules) {
        for (var placed : rules) {
            sink.append(placed.chain(), placed.rule());
        }
    }
}
