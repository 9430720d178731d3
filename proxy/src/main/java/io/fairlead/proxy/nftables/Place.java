package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.proxy.cluster.Protocol;

/**
 * Something that Service ports may have in common, and that one of them owns: what the elements with this key say follows
 * from its owner alone.
 *
 * @param key as the elements have it; those of endpoints have an index behind it
 */
record Place(Kind kind, Data key) {

    enum Kind {
        /** An address, protocol and port that is answered. */
        ADDRESS,
        /** A protocol and node port. */
        NODE_PORT,
        /** A cluster IP, whatever the port. */
        CLUSTER_IP,
        /** An endpoint on this node, which may reach itself through a Service. */
        LOCAL_ENDPOINT
    }

    static Place address(IpAddress address, Protocol protocol, int port) {
        return new Place(Kind.ADDRESS, Data.endpoint(address, number(protocol), port));
    }

    static Place nodePort(Protocol protocol, int port) {
        return new Place(Kind.NODE_PORT, Data.concat(Data.ofByte(number(protocol)), Data.ofShort(port)));
    }

    static Place clusterIp(IpAddress address) {
        return new Place(Kind.CLUSTER_IP, Data.of(address));
    }

    static Place localEndpoint(IpAddress address, Protocol protocol, int port) {
        return new Place(
                Kind.LOCAL_ENDPOINT, Data.concat(Data.of(address), Data.endpoint(address, number(protocol), port)));
    }

    /** IANA's number. */
    static int number(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 6;
            case UDP -> 17;
            case SCTP -> 132;
        };
    }
}
