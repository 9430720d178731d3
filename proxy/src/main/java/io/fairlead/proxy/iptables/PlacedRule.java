package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.Rule;

/** A rule and the chain it stands in. */
record PlacedRule(String chain, Rule rule) {}
