package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.netfilter.trace.Trace;
import io.fairlead.netfilter.trace.Tracer;
import io.fairlead.proxy.inspect.RuleTracer;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends packets through the rules of iptables mode.
 *
 * @param rules the rules for a routing
 * @param machine lists this machine's addresses
 */
record IptablesTracer(Function<RoutingTable, Ruleset> rules, Supplier<Collection<IpAddress>> machine)
        implements RuleTracer {

    @Override
    public Optional<Trace> trace(RoutingTable part, Packet packet) {
        var written = IptablesRules.of(rules.apply(part));
        return Optional.of(new Tracer(Host.of(Set.copyOf(machine.get())), List.of(written)).trace(packet));
    }
}
