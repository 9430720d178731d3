package io.fairlead.netfilter.trace;

/** What connection tracking says of a packet, as {@code --ctstate} names it. Only NEW packets meet nat rules. */
public enum ConnectionState {
    NEW,
    ESTABLISHED,
    RELATED,
    INVALID,
    UNTRACKED
}
