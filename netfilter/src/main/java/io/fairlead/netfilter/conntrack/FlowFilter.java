package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.ip.IpFamily;

/**
 * Which flows to list.
 *
 * @param protocol IP protocol number
 * @param destinationPort of the original direction; 0 for any
 */
public record FlowFilter(IpFamily family, int protocol, int destinationPort) {

    public FlowFilter {
        FlowTuple.requireRange("protocol", protocol, 0xff);
        FlowTuple.requireRange("destination port", destinationPort, 0xffff);
    }

    public boolean matches(ConntrackFlow flow) {
        return flow.family() == family
                && flow.protocol() == protocol
                && (destinationPort == 0 || destinationPort == flow.original().destinationPort());
    }
}
