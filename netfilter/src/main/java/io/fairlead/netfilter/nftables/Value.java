package io.fairlead.netfilter.nftables;

/** What a register, or the right-hand side of a map, can hold: bytes or a verdict (NFTA_DATA_VALUE, NFTA_DATA_VERDICT). */
public sealed interface Value permits Data, Verdict {}
