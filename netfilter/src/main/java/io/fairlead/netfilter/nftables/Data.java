package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.netlink.MessageBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Immutable bytes as a register holds them: what comes from the packet in network order, marks, conntrack states, FIB types
 * and random numbers in the host's. Ordered as unsigned bytes, so keys in network order are sorted by value.
 */
public final class Data implements Value, MessageBuffer.Source, Comparable<Data> {

    /** include/net/netfilter/nf_tables.h: NFT_DATA_VALUE_MAXLEN */
    public static final int MAX_LENGTH = 64;

    private final byte[] bytes;

    private Data(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param bytes are copied */
    public static Data of(byte... bytes) {
        return new Data(bytes.clone());
    }

    /** 4 or 16 bytes. */
    public static Data of(IpAddress address) {
        return new Data(address.toBytes());
    }

    /** One byte, such as a protocol. */
    public static Data ofByte(int value) {
        return new Data(new byte[] {(byte) value});
    }

    /** Two bytes in network order, such as a port. */
    public static Data ofShort(int value) {
        return new Data(new byte[] {(byte) (value >>> 8), (byte) value});
    }

    /** Four bytes in the host's order, such as a mark. */
    public static Data ofHostInt(int value) {
        return new Data(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array());
    }

    /** @param hex lower or upper case digits without blanks */
    public static Data ofHex(String hex) {
        return new Data(HexFormat.of().parseHex(hex));
    }

    /**
     * A text with NULs behind it, such as the name of an interface.
     *
     * @param length in bytes; a text without room is cut
     */
    public static Data ofText(String text, int length) {
        return new Data(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), length));
    }

    /** The parts one behind the other, each padded with zeros to four bytes: the key of a concatenation. */
    public static Data concat(Data... parts) {
        int length = 0;
        for (var part : parts) {
            length += padded(part.bytes.length);
        }
        var all = new byte[length];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part.bytes, 0, all, at, part.bytes.length);
            at += padded(part.bytes.length);
        }
        return new Data(all);
    }

    /**
     * An address, a protocol and a port: 12 or 24 bytes, as {@link #concat} makes them, without the parts.
     *
     * @param protocol IANA's number
     */
    public static Data endpoint(IpAddress address, int protocol, int port) {
        int length = address.family().bits() / 8;
        var all = Arrays.copyOf(address.toBytes(), length + 8);
        all[length] = (byte) protocol;
        all[length + 4] = (byte) (port >>> 8);
        all[length + 5] = (byte) port;
        return new Data(all);
    }

    /** Rounded up to four. */
    public static int padded(int length) {
        return length + 3 & ~3;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    /** 0–255. */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /** A part of it. */
    public Data slice(int from, int length) {
        return new Data(Arrays.copyOfRange(bytes, from, Math.addExact(from, length)));
    }

    /** Up to eight bytes as a number, first byte highest. */
    public long bigEndian() {
        long value = 0;
        for (byte b : bytes) {
            value = value << 8 | b & 0xff;
        }
        return value;
    }

    /** Up to eight bytes as a number in the host's order. */
    public long hostEndian() {
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            return bigEndian();
        }
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }

    public boolean isZero() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void copyTo(ByteBuffer to, int index) {
        to.put(index, bytes);
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Data other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data data && Arrays.equals(bytes, data.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
