package io.fairlead.lab.controlplane.rules;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The usable addresses of a prefix, by number from 1: all but the first, and for IPv4 the last. */
public record AddressRange(IpPrefix prefix) {

    // More are never handed out, however wide an IPv6 prefix is.
    private static final int MOST_BITS = 24;

    public static AddressRange parse(String cidr) {
        return new AddressRange(IpPrefix.parse(cidr));
    }

    /** How many addresses there are to hand out, at least 1. */
    int size() {
        int bits = Math.min(MOST_BITS, addressBits() - prefix.length());
        int all = 1 << bits;
        int reserved = prefix.family() == IpFamily.IPV4 ? 2 : 1;
        return Math.max(1, all - reserved);
    }

    /** @param number from 1 to {@link #size()} */
    IpAddress address(int number) {
        var sum = new BigInteger(1, prefix.address().toBytes()).add(BigInteger.valueOf(number));
        var bytes = new byte[addressBits() / 8];
        var digits = sum.toByteArray();
        int from = Math.max(0, digits.length - bytes.length);
        int length = digits.length - from;
        System.arraycopy(digits, from, bytes, bytes.length - length, length);
        return IpAddress.ofBytes(bytes);
    }

    /** The lowest address that is not taken. */
    public Optional<IpAddress> lowestFree(Set<IpAddress> taken) {
        return IntStream.rangeClosed(1, size())
                .mapToObj(this::address)
                .filter(address -> !taken.contains(address))
                .findFirst();
    }

    /** The first address after the prefix's own. */
    public IpAddress first() {
        return address(1);
    }

    /** Whether an address may be handed out. */
    boolean contains(IpAddress address) {
        if (address.family() != prefix.family() || !prefix.contains(address)) {
            return false;
        }
        boolean first = Arrays.equals(address.toBytes(), prefix.address().toBytes());
        boolean last = prefix.family() == IpFamily.IPV4
                && prefix.length() < 31
                && new BigInteger(1, address.toBytes())
                                .add(BigInteger.ONE)
                                .mod(BigInteger.TWO.pow(addressBits() - prefix.length()))
                                .signum()
                        == 0;
        return !first && !last;
    }

    private int addressBits() {
        return prefix.family() == IpFamily.IPV4 ? 32 : 128;
    }

    /** In CIDR notation. */
    @Override
    public String toString() {
        return prefix.toString();
    }
}
