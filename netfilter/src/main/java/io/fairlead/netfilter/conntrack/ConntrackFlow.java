package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.ip.IpFamily;

/**
 * One entry of the table.
 *
 * @param original as the first packet was before any translation
 * @param reply as answers are expected: its source is who answers (the endpoint, after DNAT), its destination whom they
 *     are sent to (the node, after masquerading)
 * @param status bits of enum ip_conntrack_status
 * @param zone of both directions; 0 outside all zones
 * @param timeoutSeconds until it ends if no packet comes; 0 when the kernel does not say
 * @param mark 0 when there is none
 * @param id tells it from an entry with the same tuples that comes after it; 0 when not known
 * @param counts {@link FlowCounts#NONE} where the kernel does not count
 */
public record ConntrackFlow(
        IpFamily family,
        FlowTuple original,
        FlowTuple reply,
        int status,
        int zone,
        int timeoutSeconds,
        int mark,
        int id,
        FlowCounts counts) {

    public ConntrackFlow {
        FlowTuple.requireRange("zone", zone, 0xffff);
    }

    /** A flow that nothing is counted of. */
    public ConntrackFlow(
            IpFamily family,
            FlowTuple original,
            FlowTuple reply,
            int status,
            int zone,
            int timeoutSeconds,
            int mark,
            int id) {
        this(family, original, reply, status, zone, timeoutSeconds, mark, id, FlowCounts.NONE);
    }

    public int protocol() {
        return original.protocol();
    }

    /** Somebody else answers than was asked: DNAT or a redirection. */
    public boolean destinationTranslated() {
        return !original.destination().equals(reply.source()) || original.destinationPort() != reply.sourcePort();
    }

    public FlowKey key() {
        return new FlowKey(original, reply);
    }

    @Override
    public String toString() {
        return original + " answered by " + reply.source().withPort(reply.sourcePort());
    }
}
