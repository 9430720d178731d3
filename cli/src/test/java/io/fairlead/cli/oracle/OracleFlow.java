package io.fairlead.cli.oracle;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Packet;

/**
 * Packets of one kind: all from one place, to one destination.
 *
 * @param first sources count up from here
 * @param sources how many there are; then they begin again
 */
record OracleFlow(Place place, int protocol, IpAddress first, int sources, IpAddress destination, int port) {

    /** Where packets come from. */
    enum Place {
        /** The network behind eth0. */
        OUTSIDE,
        /** Pods behind cni0. */
        PODS,
        /** Pods behind veth1. */
        VETH_PODS,
        /** A process of the node. */
        NODE
    }

    /** The source of the i-th packet. */
    IpAddress source(int i) {
        return new IpAddress(first.family(), first.high(), first.low() + i % sources);
    }

    Packet packet() {
        var name =
                switch (protocol) {
                    case CraftedPacket.TCP -> "tcp";
                    case CraftedPacket.UDP -> "udp";
                    default -> "sctp";
                };
        var source = new Endpoint(first, 20_000);
        var to = new Endpoint(destination, port);
        return switch (place) {
            case OUTSIDE -> Packet.arriving(name, source, to).through("eth0");
            case PODS -> Packet.arriving(name, source, to).through("cni0");
            case VETH_PODS -> Packet.arriving(name, source, to).through("veth1");
            case NODE -> Packet.generated(name, source, to);
        };
    }
}
