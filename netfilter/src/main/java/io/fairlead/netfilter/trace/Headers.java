package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Payload.Base;
import java.util.Optional;

/** A packet's bytes, as far as rules look at them. */
final class Headers {

    private static final int TCP_SYN = 0x02;
    private static final int TCP_ACK = 0x10;

    private Headers() {}

    /** The header from its beginning; empty for one that nothing is known of. */
    static Optional<byte[]> of(Base base, Packet packet) {
        return switch (base) {
            case LINK -> Optional.empty();
            case NETWORK -> Optional.of(packet.family() == IpFamily.IPV4 ? ipv4(packet) : ipv6(packet));
            case TRANSPORT -> Optional.of(transport(packet));
        };
    }

    /** RFC 791, without options. */
    private static byte[] ipv4(Packet packet) {
        var header = new byte[20];
        header[0] = 0x45;
        header[8] = 64;
        header[9] = (byte) protocol(packet.protocol());
        System.arraycopy(packet.source().address().toBytes(), 0, header, 12, 4);
        System.arraycopy(packet.destination().address().toBytes(), 0, header, 16, 4);
        return header;
    }

    /** RFC 8200, without extension headers. */
    private static byte[] ipv6(Packet packet) {
        var header = new byte[40];
        header[0] = 0x60;
        header[6] = (byte) protocol(packet.protocol());
        header[7] = 64;
        System.arraycopy(packet.source().address().toBytes(), 0, header, 8, 16);
        System.arraycopy(packet.destination().address().toBytes(), 0, header, 24, 16);
        return header;
    }

    private static byte[] transport(Packet packet) {
        var header = new byte[20];
        switch (packet.protocol()) {
            case "icmp" -> header[0] = 8;
            case "ipv6-icmp" -> header[0] = (byte) 128;
            default -> {
                port(packet.source().port(), header, 0);
                port(packet.destination().port(), header, 2);
            }
        }
        if (packet.protocol().equals("tcp")) {
            header[12] = 0x50;
            header[13] = (byte) (packet.state() == ConnectionState.NEW ? TCP_SYN : TCP_ACK);
        }
        return header;
    }

    private static void port(int port, byte[] header, int at) {
        header[at] = (byte) (port >>> 8);
        header[at + 1] = (byte) port;
    }

    /** IANA's number; 255 for a name that is not known here. */
    static int protocol(String name) {
        return switch (name) {
            case "icmp" -> 1;
            case "tcp" -> 6;
            case "udp" -> 17;
            case "esp" -> 50;
            case "ah" -> 51;
            case "ipv6-icmp" -> 58;
            case "sctp" -> 132;
            case "udplite" -> 136;
            default -> {
                long number = Numbers.number(name);
                yield number >= 0 && number < 256 ? (int) number : 255;
            }
        };
    }
}
