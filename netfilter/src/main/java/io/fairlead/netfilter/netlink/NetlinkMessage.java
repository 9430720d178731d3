package io.fairlead.netfilter.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One message: the fields of struct nlmsghdr that matter, and what follows it. Sending and reading are pure. */
public final class NetlinkMessage {

    // include/uapi/linux/netlink.h
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    /** The table changed while it was being dumped: entries may be missing, or there twice. */
    static final int NLM_F_DUMP_INTR = 0x10;

    /** struct nlmsghdr: length, type, flags, sequence, port. */
    private static final int HEADER = 16;

    private final int type;
    private final int flags;
    private final int sequence;
    private final int port;
    private final byte[] payload;

    NetlinkMessage(int type, int flags, int sequence, byte[] payload) {
        this(type, flags, sequence, 0, payload);
    }

    NetlinkMessage(int type, int flags, int sequence, int port, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.sequence = sequence;
        this.port = port;
        this.payload = payload;
    }

    /** nlmsg_type: for NETLINK_NETFILTER the subsystem in the upper byte. */
    public int type() {
        return type;
    }

    /** nlmsg_flags */
    public int flags() {
        return flags;
    }

    int sequence() {
        return sequence;
    }

    /** nlmsg_pid: in what the members of a group hear, the port of the socket that caused it. */
    public int port() {
        return port;
    }

    /** What follows the message header. */
    public byte[] payload() {
        return payload;
    }

    /** The errno of an error message or of the end of a dump; 0 when all went well or none is said. */
    int errno() {
        return payload.length < Integer.BYTES
                ? 0
                : Math.max(
                        0,
                        -ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).getInt());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .order(ByteOrder.nativeOrder())
                .putInt(HEADER + payload.length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0)
                .put(payload)
                .array();
    }

    /** The messages of a datagram, up to the first thing that cannot be one. */
    public static List<NetlinkMessage> parse(byte[] datagram) {
        var messages = new ArrayList<NetlinkMessage>();
        var buffer = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        int at = 0;
        while (datagram.length - at >= HEADER) {
            int length = buffer.getInt(at);
            if (length < HEADER || length > datagram.length - at) {
                break;
            }
            messages.add(new NetlinkMessage(
                    Short.toUnsignedInt(buffer.getShort(at + 4)),
                    Short.toUnsignedInt(buffer.getShort(at + 6)),
                    buffer.getInt(at + 8),
                    buffer.getInt(at + 12),
                    Arrays.copyOfRange(datagram, at + HEADER, at + length)));
            at += Math.min(length + 3 & ~3, datagram.length - at);
        }
        return messages;
    }
}
