package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.trace.Packet;
import io.fairlead.netfilter.trace.Trace;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.Optional;

/** Sends a packet through the rules that a dataplane writes for some Services. */
@FunctionalInterface
public interface RuleTracer {

    /** Where there is no evaluator for the rules. */
    RuleTracer NONE = (_, _) -> Optional.empty();

    /** @param part the Services that have to do with the packet: all others' rules do not */
    Optional<Trace> trace(RoutingTable part, Packet packet);
}
