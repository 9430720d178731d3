package io.fairlead.netfilter.trace;

/** How a packet's way through this machine ends. */
public enum Fate {
    /** Handed to a process of this machine. */
    DELIVERED,
    /** Sent out of the machine. */
    SENT,
    /** Refused with an answer to the sender. */
    REJECTED,
    /** Dropped silently. */
    DROPPED,
    /** A rule does something that the evaluator does not know. */
    UNKNOWN
}
