package io.fairlead.netfilter.conntrack;

/**
 * What a flow has carried in each direction, where the kernel counts ({@code net.netfilter.nf_conntrack_acct} is 1): since the
 * flow began, if it was so then.
 *
 * @param packets of the original direction
 * @param bytes of these, from the network header on
 * @param replyPackets of the other direction
 * @param replyBytes of these
 */
public record FlowCounts(long packets, long bytes, long replyPackets, long replyBytes) {

    /** Nothing, or nothing that was counted. */
    public static final FlowCounts NONE = new FlowCounts(0, 0, 0, 0);
}
