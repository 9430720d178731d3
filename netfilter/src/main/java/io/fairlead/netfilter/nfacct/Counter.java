package io.fairlead.netfilter.nfacct;

/**
 * A counter at one moment.
 *
 * @param packets unsigned
 * @param bytes unsigned
 */
public record Counter(String name, long packets, long bytes) {}
