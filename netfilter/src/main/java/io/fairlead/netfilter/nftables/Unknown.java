package io.fairlead.netfilter.nftables;

/**
 * An expression that this library does not know, or one with attributes that it does not know: kept as it is, so that it
 * can be written again.
 *
 * @param kernelName such as {@code exthdr}
 * @param attributes what is inside NFTA_EXPR_DATA
 */
public record Unknown(String kernelName, Data attributes) implements Expression {}
