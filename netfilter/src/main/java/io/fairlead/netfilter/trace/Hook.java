package io.fairlead.netfilter.trace;

/** The places in a packet's way where rules are asked. */
public enum Hook {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING
}
