package io.fairlead.netfilter.ip;

import java.util.Optional;

/**
 * A CIDR: a network address and how many of its leading bits count.
 *
 * @param address the network; host bits are cleared
 * @param length 0–32 or 0–128
 */
public record IpPrefix(IpAddress address, int length) {

    public IpPrefix {
        if (length < 0 || length > address.family().bits()) {
            throw new IllegalArgumentException(address + "/" + length + ": prefix length must be 0–"
                    + address.family().bits());
        }
        address = address.masked(length);
    }

    /** The prefix that holds this address only: /32 or /128. */
    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.family().bits());
    }

    /** @throws IllegalArgumentException when the text is not a CIDR; the message quotes it */
    public static IpPrefix parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is not a CIDR (address/length, 0–32 for IPv4, 0–128 for IPv6)"));
    }

    /** As lenient as {@link IpAddress}: leading zeros are decimal in octets and in the length. */
    public static Optional<IpPrefix> tryParse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        int length = length(text, slash + 1);
        return IpAddress.tryParse(text.substring(0, slash))
                .filter(address -> length >= 0 && length <= address.family().bits())
                .map(address -> new IpPrefix(address, length));
    }

    private static int length(String text, int from) {
        int value = from < text.length() ? 0 : -1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || value > 128) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }

    public IpFamily family() {
        return address.family();
    }

    /** Whether this prefix holds one address only. */
    public boolean isHost() {
        return length == family().bits();
    }

    public boolean contains(IpAddress other) {
        return other.family() == family() && other.masked(length).equals(address);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
