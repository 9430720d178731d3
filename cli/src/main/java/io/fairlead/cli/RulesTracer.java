package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.netfilter.trace.Rules;
import io.fairlead.netfilter.trace.Trace;
import io.fairlead.netfilter.trace.Tracer;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.inspect.RuleTracer;
import io.fairlead.proxy.iptables.IptablesDataplane;
import io.fairlead.proxy.nftables.NftablesDataplane;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends packets through the rules that are written for a routing.
 *
 * @param rules the rules for a routing
 * @param machine lists this machine's addresses
 */
record RulesTracer(Function<RoutingTable, Rules> rules, Supplier<Collection<IpAddress>> machine) implements RuleTracer {

    /** Through what a dataplane writes. */
    static RuleTracer of(Dataplane dataplane, Supplier<Collection<IpAddress>> machine) {
        return switch (dataplane) {
            case IptablesDataplane iptables -> new RulesTracer(part -> IptablesRules.of(iptables.rules(part)), machine);
            case NftablesDataplane nftables ->
                new RulesTracer(part -> NftablesRules.of(nftables.rules(part), part.family()), machine);
            default -> NONE;
        };
    }

    @Override
    public Optional<Trace> trace(RoutingTable part, Packet packet) {
        return Optional.of(new Tracer(Host.of(Set.copyOf(machine.get())), List.of(rules.apply(part))).trace(packet));
    }
}
