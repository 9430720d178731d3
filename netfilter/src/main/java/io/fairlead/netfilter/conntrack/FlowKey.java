package io.fairlead.netfilter.conntrack;

/** What flows are told apart by: both directions, addresses, ports and protocols. */
public record FlowKey(FlowTuple original, FlowTuple reply) {}
