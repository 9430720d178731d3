package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.ip.IpAddress;

/**
 * One direction of a flow.
 *
 * @param protocol IP protocol number: 6 TCP, 17 UDP, 132 SCTP
 * @param sourcePort 0 for protocols without ports, as the other
 * @param zone a conntrack zone of this direction only; 0 for the usual case that there is none
 */
public record FlowTuple(
        IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort, int zone) {

    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int SCTP = 132;

    public FlowTuple {
        requireRange("protocol", protocol, 0xff);
        requireRange("source port", sourcePort, 0xffff);
        requireRange("destination port", destinationPort, 0xffff);
        requireRange("zone", zone, 0xffff);
    }

    /** A tuple outside all zones. */
    public FlowTuple(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {
        this(source, destination, protocol, sourcePort, destinationPort, 0);
    }

    static void requireRange(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("a flow's " + what + " is 0–" + max + ", not " + value);
        }
    }

    @Override
    public String toString() {
        return source.withPort(sourcePort) + " -> " + destination.withPort(destinationPort);
    }
}
