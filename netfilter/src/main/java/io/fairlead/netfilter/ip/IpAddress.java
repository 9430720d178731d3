package io.fairlead.netfilter.ip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * An IP address of either family, in 128 bits.
 *
 * <p>Reading is as lenient as Kubernetes' own: leading zeros in an IPv4 octet are decimal ({@code 172.30.0.041} is
 * 172.30.0.41), an IPv4-mapped IPv6 address is the IPv4 address. Nothing is ever looked up by name. Printing is
 * canonical: dotted decimal, and RFC 5952 for IPv6.
 *
 * @param high the upper 64 bits, zero for IPv4
 * @param low the lower 64 bits; for IPv4 the address in the lowest 32, first octet highest
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

    public static IpAddress v4(int address) {
        return new IpAddress(IpFamily.IPV4, 0, address & 0xffff_ffffL);
    }

    /** @throws IllegalArgumentException when the text is not an address; the message quotes it */
    public static IpAddress parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not an IP address"));
    }

    public static Optional<IpAddress> tryParse(String text) {
        return Optional.ofNullable(IpAddressParser.parse(text));
    }

    public static IpAddress of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /**
     * @param bytes 4 or 16 bytes in network byte order; an IPv4-mapped IPv6 address becomes IPv4
     */
    public static IpAddress ofBytes(byte[] bytes) {
        if (bytes.length == 4) {
            return v4((int) bigEndian(bytes, 0, 4));
        }
        if (bytes.length != 16) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        }
        return v6(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8));
    }

    static IpAddress v6(long high, long low) {
        boolean mapped = high == 0 && low >>> 32 == 0xffffL;
        return mapped ? v4((int) low) : new IpAddress(IpFamily.IPV6, high, low);
    }

    private static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    /** Network byte order, 4 or 16 bytes. */
    public byte[] toBytes() {
        var bytes = new byte[family.bits() / 8];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd < 8 ? low >>> fromEnd * 8 : high >>> (fromEnd - 8) * 8);
        }
        return bytes;
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return family == IpFamily.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /** 0.0.0.0 or ::. */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    /** The same address with all bits after the first {@code length} cleared. */
    IpAddress masked(int length) {
        if (family == IpFamily.IPV4) {
            return new IpAddress(family, 0, length == 0 ? 0 : low & (-1L << 32 - length) & 0xffff_ffffL);
        }
        long highMask = length == 0 ? 0 : length >= 64 ? -1L : -1L << 64 - length;
        long lowMask = length <= 64 ? 0 : -1L << 128 - length;
        return new IpAddress(family, high & highMask, low & lowMask);
    }

    /** {@code 10.0.0.1:80} or {@code [fd00::1]:80}. */
    public String withPort(int port) {
        return family == IpFamily.IPV4 ? this + ":" + port : "[" + this + "]:" + port;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return family == IpFamily.IPV4
                ? (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff)
                : ipv6Text();
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups compressed. */
    private String ipv6Text() {
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(i + run) == 0) {
                run++;
            }
            if (run > bestLength) {
                bestStart = i;
                bestLength = run;
            }
            i += run;
        }
        var text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (3 - index % 4) * 16) & 0xffff;
    }
}
