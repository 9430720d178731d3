package io.fairlead.cli.oracle;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The first packet of a connection, byte by byte: a SYN, a datagram, an INIT. */
final class CraftedPacket {

    static final int TCP = 6;
    static final int UDP = 17;
    static final int SCTP = 132;

    private CraftedPacket() {}

    static byte[] of(int protocol, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        var payload =
                switch (protocol) {
                    case TCP -> tcp(sourcePort, destinationPort);
                    case UDP -> udp(sourcePort, destinationPort);
                    default -> sctp(sourcePort, destinationPort);
                };
        if (protocol != SCTP) {
            int sum = checksum(protocol, source, destination, payload);
            payload.putShort(protocol == TCP ? 16 : 6, (short) sum);
        }
        boolean four = source.family() == IpFamily.IPV4;
        var packet = ByteBuffer.allocate((four ? 20 : 40) + payload.capacity());
        if (four) {
            packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
            packet.putInt(0).put((byte) 64).put((byte) protocol).putShort((short) 0);
        } else {
            packet.putInt(0x6000_0000)
                    .putShort((short) payload.capacity())
                    .put((byte) protocol)
                    .put((byte) 64);
        }
        return packet.put(source.toBytes())
                .put(destination.toBytes())
                .put(payload.array())
                .array();
    }

    /** RFC 9293 */
    private static ByteBuffer tcp(int from, int to) {
        return ByteBuffer.allocate(20)
                .putShort(0, (short) from)
                .putShort(2, (short) to)
                .putInt(4, 1)
                .put(12, (byte) 0x50)
                .put(13, (byte) 0x02)
                .putShort(14, (short) 1000);
    }

    /** RFC 768, no data */
    private static ByteBuffer udp(int from, int to) {
        return ByteBuffer.allocate(8)
                .putShort(0, (short) from)
                .putShort(2, (short) to)
                .putShort(4, (short) 8);
    }

    /** RFC 9260: an INIT chunk */
    private static ByteBuffer sctp(int from, int to) {
        var packet = ByteBuffer.allocate(32)
                .putShort(0, (short) from)
                .putShort(2, (short) to)
                .put(12, (byte) 1)
                .putShort(14, (short) 20)
                .putInt(16, 1)
                .putInt(20, 65_536)
                .putShort(24, (short) 1)
                .putShort(26, (short) 1)
                .putInt(28, 1);
        var crc = new CRC32C();
        crc.update(packet.array());
        return packet.putInt(8, Integer.reverseBytes((int) crc.getValue()));
    }

    /** RFC 1071, over the pseudo header, too. */
    private static int checksum(int protocol, IpAddress source, IpAddress destination, ByteBuffer payload) {
        long sum = protocol + payload.capacity();
        for (var part : new byte[][] {source.toBytes(), destination.toBytes(), payload.array()}) {
            for (int i = 0; i < part.length; i += 2) {
                sum += (part[i] & 0xff) << 8 | part[i + 1] & 0xff;
            }
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }
}
