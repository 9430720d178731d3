package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.AttributeCursor;
import io.fairlead.netfilter.netlink.AttributeWriter;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What follows the netlink header in a message about a flow: struct nfgenmsg and attributes. */
final class ConntrackMessage {

    /** struct nfgenmsg: family, version, resource id. */
    private static final int HEADER = 4;

    // include/linux/socket.h: AF_INET, AF_INET6
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;

    // include/uapi/linux/netfilter/nfnetlink_conntrack.h: enum ctattr_type
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_REPLY = 2;
    private static final int CTA_STATUS = 3;
    private static final int CTA_TIMEOUT = 7;
    private static final int CTA_MARK = 8;
    private static final int CTA_COUNTERS_ORIG = 9;
    private static final int CTA_COUNTERS_REPLY = 10;
    private static final int CTA_ID = 12;
    private static final int CTA_ZONE = 18;
    private static final int CTA_FILTER = 25;

    // enum ctattr_tuple
    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_TUPLE_ZONE = 3;

    // enum ctattr_ip
    private static final int CTA_IP_V4_SRC = 1;
    private static final int CTA_IP_V4_DST = 2;
    private static final int CTA_IP_V6_SRC = 3;
    private static final int CTA_IP_V6_DST = 4;

    // enum ctattr_l4proto
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_SRC_PORT = 2;
    private static final int CTA_PROTO_DST_PORT = 3;

    // enum ctattr_counters: in network byte order
    private static final int CTA_COUNTERS_PACKETS = 1;
    private static final int CTA_COUNTERS_BYTES = 2;

    // enum ctattr_filter, and net/netfilter/nf_internals.h: CTA_FILTER_F_CTA_PROTO_NUM, _DST_PORT
    private static final int CTA_FILTER_ORIG_FLAGS = 1;
    private static final int FILTER_PROTO_NUM = 1 << 3;
    private static final int FILTER_PROTO_DST_PORT = 1 << 5;

    private ConntrackMessage() {}

    /** Says all that we know of a flow: what the kernel needs to find and delete it. */
    static byte[] encode(ConntrackFlow flow) {
        var message = header(flow.family())
                .nest(CTA_TUPLE_ORIG, tuple -> put(tuple, flow.original(), flow.family()))
                .nest(CTA_TUPLE_REPLY, tuple -> put(tuple, flow.reply(), flow.family()))
                .putInt(CTA_STATUS, flow.status());
        if (flow.timeoutSeconds() != 0) {
            message.putInt(CTA_TIMEOUT, flow.timeoutSeconds());
        }
        if (flow.mark() != 0) {
            message.putInt(CTA_MARK, flow.mark());
        }
        if (flow.id() != 0) {
            message.putInt(CTA_ID, flow.id());
        }
        if (flow.zone() != 0) {
            message.putShort(CTA_ZONE, flow.zone());
        }
        return message.toBytes();
    }

    private static AttributeWriter header(IpFamily family) {
        return new AttributeWriter().raw(family == IpFamily.IPV4 ? AF_INET : AF_INET6, (byte) 0, (byte) 0, (byte) 0);
    }

    private static void put(AttributeWriter to, FlowTuple tuple, IpFamily family) {
        boolean four = family == IpFamily.IPV4;
        to.nest(
                CTA_TUPLE_IP,
                ip -> ip.put(four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, bytes(tuple.source(), family))
                        .put(four ? CTA_IP_V4_DST : CTA_IP_V6_DST, bytes(tuple.destination(), family)));
        to.nest(
                CTA_TUPLE_PROTO,
                proto -> proto.putByte(CTA_PROTO_NUM, tuple.protocol())
                        .putShort(CTA_PROTO_SRC_PORT, tuple.sourcePort())
                        .putShort(CTA_PROTO_DST_PORT, tuple.destinationPort()));
        if (tuple.zone() != 0) {
            to.putShort(CTA_TUPLE_ZONE, tuple.zone());
        }
    }

    /** An IPv4-mapped address can really be on the wire of an IPv6 flow; {@link IpAddress} has it as IPv4. */
    private static byte[] bytes(IpAddress address, IpFamily family) {
        if (family == address.family()) {
            return address.toBytes();
        }
        if (family == IpFamily.IPV4) {
            throw new IllegalArgumentException(address + " cannot be in an IPv4 flow");
        }
        return ByteBuffer.allocate(16)
                .putLong(0)
                .putInt(0xffff)
                .put(address.toBytes())
                .array();
    }

    /** Asks for all flows of a family. */
    static byte[] dump(IpFamily family) {
        return header(family).toBytes();
    }

    /**
     * Asks for the flows that match, which kernels before 5.8 do not look at.
     *
     * <p>Only protocol and port: many kernels compare IPv6 addresses of a filter the wrong way round.
     */
    static byte[] dump(FlowFilter filter) {
        int flags = FILTER_PROTO_NUM | (filter.destinationPort() == 0 ? 0 : FILTER_PROTO_DST_PORT);
        return header(filter.family())
                .nest(
                        CTA_TUPLE_ORIG,
                        tuple -> tuple.nest(
                                CTA_TUPLE_PROTO,
                                proto -> proto.putByte(CTA_PROTO_NUM, filter.protocol())
                                        .putShort(CTA_PROTO_DST_PORT, filter.destinationPort())))
                .nest(CTA_FILTER, flag -> flag.putHostInt(CTA_FILTER_ORIG_FLAGS, flags))
                .toBytes();
    }

    /** @throws MalformedMessageException when it is not about a flow of IPv4 or IPv6, or one without tuples */
    static ConntrackFlow decode(byte[] message) throws MalformedMessageException {
        var family = family(message);
        FlowTuple original = null;
        FlowTuple reply = null;
        int status = 0;
        int zone = 0;
        int timeout = 0;
        int mark = 0;
        int id = 0;
        var there = Counted.NOTHING;
        var back = Counted.NOTHING;
        var attributes = AttributeCursor.over(message, HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case CTA_TUPLE_ORIG -> original = tuple(attributes.nested(), family);
                case CTA_TUPLE_REPLY -> reply = tuple(attributes.nested(), family);
                case CTA_STATUS -> status = attributes.number();
                case CTA_TIMEOUT -> timeout = attributes.number();
                case CTA_MARK -> mark = attributes.number();
                case CTA_ID -> id = attributes.number();
                case CTA_COUNTERS_ORIG -> there = Counted.of(attributes.nested());
                case CTA_COUNTERS_REPLY -> back = Counted.of(attributes.nested());
                case CTA_ZONE -> zone = attributes.unsignedShort();
                default -> {}
            }
        }
        return new ConntrackFlow(
                family,
                present(original, "original"),
                present(reply, "reply"),
                status,
                zone,
                timeout,
                mark,
                id,
                new FlowCounts(there.packets(), there.bytes(), back.packets(), back.bytes()));
    }

    private static IpFamily family(byte[] message) throws MalformedMessageException {
        if (message.length < HEADER) {
            throw new MalformedMessageException("conntrack message of " + message.length + " bytes");
        }
        return switch (message[0]) {
            case AF_INET -> IpFamily.IPV4;
            case AF_INET6 -> IpFamily.IPV6;
            default -> throw new MalformedMessageException("conntrack message of address family " + message[0]);
        };
    }

    private static FlowTuple present(@Nullable FlowTuple tuple, String which) throws MalformedMessageException {
        if (tuple == null) {
            throw new MalformedMessageException("conntrack message without the " + which + " tuple");
        }
        return tuple;
    }

    private static FlowTuple tuple(AttributeCursor attributes, IpFamily family) throws MalformedMessageException {
        var tuple = new TupleReader(family);
        while (attributes.next()) {
            switch (attributes.type()) {
                case CTA_TUPLE_IP -> tuple.readAddresses(attributes.nested());
                case CTA_TUPLE_PROTO -> tuple.readProtocol(attributes.nested());
                case CTA_TUPLE_ZONE -> tuple.zone = attributes.unsignedShort();
                default -> {}
            }
        }
        return tuple.toTuple();
    }

    /** Packets and bytes of one direction. */
    private record Counted(long packets, long bytes) {

        static final Counted NOTHING = new Counted(0, 0);

        static Counted of(AttributeCursor attributes) throws MalformedMessageException {
            long packets = 0;
            long bytes = 0;
            while (attributes.next()) {
                switch (attributes.type()) {
                    case CTA_COUNTERS_PACKETS -> packets = attributes.longNumber();
                    case CTA_COUNTERS_BYTES -> bytes = attributes.longNumber();
                    default -> {}
                }
            }
            return new Counted(packets, bytes);
        }
    }

    /** Collects what a tuple's attributes say. */
    private static final class TupleReader {

        private final IpFamily family;
        private @Nullable IpAddress source;
        private @Nullable IpAddress destination;
        private int protocol;
        private int sourcePort;
        private int destinationPort;
        private int zone;

        TupleReader(IpFamily family) {
            this.family = family;
        }

        void readAddresses(AttributeCursor attributes) throws MalformedMessageException {
            while (attributes.next()) {
                switch (attributes.type()) {
                    case CTA_IP_V4_SRC, CTA_IP_V6_SRC -> source = address(attributes.bytes(), family);
                    case CTA_IP_V4_DST, CTA_IP_V6_DST -> destination = address(attributes.bytes(), family);
                    default -> {}
                }
            }
        }

        void readProtocol(AttributeCursor attributes) throws MalformedMessageException {
            while (attributes.next()) {
                switch (attributes.type()) {
                    case CTA_PROTO_NUM -> protocol = attributes.unsignedByte();
                    case CTA_PROTO_SRC_PORT -> sourcePort = attributes.unsignedShort();
                    case CTA_PROTO_DST_PORT -> destinationPort = attributes.unsignedShort();
                    default -> {}
                }
            }
        }

        FlowTuple toTuple() throws MalformedMessageException {
            if (source == null || destination == null) {
                throw new MalformedMessageException("conntrack tuple without addresses");
            }
            return new FlowTuple(source, destination, protocol, sourcePort, destinationPort, zone);
        }
    }

    private static IpAddress address(byte[] bytes, IpFamily family) throws MalformedMessageException {
        if (bytes.length != family.bits() / 8) {
            throw new MalformedMessageException(family + " address in a conntrack tuple: " + Arrays.toString(bytes));
        }
        return IpAddress.ofBytes(bytes);
    }
}
