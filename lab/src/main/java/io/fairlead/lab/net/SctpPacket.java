package io.fairlead.lab.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * An SCTP packet with the first chunk of an association (RFC 9260, 3.1, 3.3.2 and 3.3.3). All numbers are in network byte
 * order on the wire but for the checksum.
 *
 * @param verificationTag 0 in an INIT; in the answer the initiate tag of the INIT
 * @param chunk {@link #INIT} or {@link #INIT_ACK}
 * @param initiateTag not 0
 * @param cookie the state cookie, a server's own notes that only it reads, here text; empty in an INIT
 */
record SctpPacket(
        int sourcePort, int destinationPort, int verificationTag, byte chunk, int initiateTag, String cookie) {

    /** IANA protocol number. */
    static final int PROTOCOL = 132;

    static final byte INIT = 1;
    static final byte INIT_ACK = 2;

    private static final int COMMON_HEADER = 12;
    private static final int CHECKSUM_OFFSET = 8;
    private static final int CHUNK_HEADER = 4;
    private static final int INIT_LENGTH = CHUNK_HEADER + 16;
    private static final int PARAMETER_HEADER = 4;
    private static final short STATE_COOKIE = 7;
    private static final int RECEIVER_WINDOW = 65536;

    static SctpPacket init(int sourcePort, int destinationPort, int initiateTag) {
        return new SctpPacket(sourcePort, destinationPort, 0, INIT, initiateTag, "");
    }

    /** The answer to this INIT. */
    SctpPacket ack(int ownTag, String stateCookie) {
        int from = destinationPort;
        int to = sourcePort;
        return new SctpPacket(
                from, to, /* verificationTag= */ initiateTag, INIT_ACK, /* initiateTag= */ ownTag, stateCookie);
    }

    boolean answers(SctpPacket init) {
        return chunk == INIT_ACK
                && sourcePort == init.destinationPort
                && destinationPort == init.sourcePort
                && verificationTag == init.initiateTag;
    }

    byte[] toBytes() {
        byte[] text = cookie.getBytes(StandardCharsets.UTF_8);
        int parameter = text.length == 0 ? 0 : PARAMETER_HEADER + text.length;
        int padding = -parameter & 3;
        var packet = ByteBuffer.allocate(COMMON_HEADER + INIT_LENGTH + parameter + padding);
        packet.putShort((short) sourcePort).putShort((short) destinationPort);
        packet.putInt(verificationTag).putInt(0);
        packet.put(chunk).put((byte) 0).putShort((short) (INIT_LENGTH + parameter));
        packet.putInt(initiateTag).putInt(RECEIVER_WINDOW);
        packet.putShort((short) 1).putShort((short) 1); // one stream each way
        packet.putInt(initiateTag); // initial TSN: any number
        if (parameter > 0) {
            packet.putShort(STATE_COOKIE).putShort((short) parameter).put(text);
        }
        putChecksum(packet, checksum(packet.array()));
        return packet.array();
    }

    /** @return empty unless it is a whole, well-formed INIT or INIT ACK with the right checksum */
    static Optional<SctpPacket> parse(ByteBuffer payload) {
        if (payload.remaining() < COMMON_HEADER + INIT_LENGTH) {
            return Optional.empty();
        }
        var packet = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate());
        int received = packet.order(ByteOrder.LITTLE_ENDIAN).getInt(CHECKSUM_OFFSET);
        putChecksum(packet, 0);
        if (checksum(packet.array()) != received) {
            return Optional.empty();
        }
        packet.order(ByteOrder.BIG_ENDIAN);
        byte chunk = packet.get(COMMON_HEADER);
        if (chunk != INIT && chunk != INIT_ACK) {
            return Optional.empty();
        }
        return Optional.of(new SctpPacket(
                packet.getShort(0) & 0xffff,
                packet.getShort(2) & 0xffff,
                packet.getInt(4),
                chunk,
                packet.getInt(COMMON_HEADER + CHUNK_HEADER),
                cookie(packet)));
    }

    /** The first parameter, if it is a state cookie. */
    private static String cookie(ByteBuffer packet) {
        int start = COMMON_HEADER + INIT_LENGTH;
        if (packet.capacity() < start + PARAMETER_HEADER || packet.getShort(start) != STATE_COOKIE) {
            return "";
        }
        int end = start + (packet.getShort(start + 2) & 0xffff);
        if (end > packet.capacity() || end < start + PARAMETER_HEADER) {
            return "";
        }
        var text = packet.slice(start + PARAMETER_HEADER, end - start - PARAMETER_HEADER);
        return StandardCharsets.UTF_8.decode(text).toString();
    }

    /** RFC 9260, appendix A: CRC32c over the packet with a checksum of zero, its lowest byte first on the wire. */
    private static int checksum(byte[] packet) {
        var crc = new CRC32C();
        crc.update(packet);
        return (int) crc.getValue();
    }

    private static void putChecksum(ByteBuffer packet, int checksum) {
        packet.order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM_OFFSET, checksum);
    }
}
