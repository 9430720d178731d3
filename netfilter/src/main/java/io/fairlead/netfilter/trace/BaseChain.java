package io.fairlead.netfilter.trace;

import java.util.function.Supplier;

/**
 * A chain that a hook asks.
 *
 * @param nat asked for the first packet of a connection only, in the course of the kernel's own nat hook
 * @param table as {@link RuleRef#table} says it
 * @param start where its rules begin
 */
record BaseChain(Hook hook, int priority, boolean nat, String table, String name, Supplier<Position> start) {

    /** include/uapi/linux/netfilter_ipv4.h: NF_IP_PRI_CONNTRACK. */
    static final int CONNTRACK = -200;

    /** NF_IP_PRI_NAT_DST and NF_IP_PRI_NAT_SRC. */
    private static final int NAT_DESTINATION = -100;

    private static final int NAT_SOURCE = 100;

    /** Where in the hook's course it is asked: a nat chain's own priority only counts among nat chains. */
    int position() {
        if (!nat) {
            return priority;
        }
        return translatesDestination() ? NAT_DESTINATION : NAT_SOURCE;
    }

    boolean translatesDestination() {
        return hook == Hook.PREROUTING || hook == Hook.OUTPUT;
    }
}
