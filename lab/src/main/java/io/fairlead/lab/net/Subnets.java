package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.math.BigInteger;

/**
 * A network of both families.
 *
 * @param ipv4 at most /30
 * @param ipv6 at most /126
 */
public record Subnets(IpPrefix ipv4, IpPrefix ipv6) {

    public Subnets {
        if (ipv4.family() != IpFamily.IPV4 || ipv4.length() > 30) {
            throw new IllegalArgumentException(ipv4 + " is not an IPv4 network with room for hosts (at most /30)");
        }
        if (ipv6.family() != IpFamily.IPV6 || ipv6.length() > 126) {
            throw new IllegalArgumentException(ipv6 + " is not an IPv6 network with room for hosts (at most /126)");
        }
    }

    /** @throws IllegalArgumentException when one is not a CIDR of its family */
    public static Subnets of(String ipv4, String ipv6) {
        return new Subnets(IpPrefix.parse(ipv4), IpPrefix.parse(ipv6));
    }

    /** The addresses that many above the networks' own; 1 is the first host. */
    public Addresses host(int number) {
        return new Addresses(plus(ipv4, number), plus(ipv6, number));
    }

    public IpPrefix of(IpFamily family) {
        return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }

    private static IpAddress plus(IpPrefix network, int number) {
        byte[] sum = new BigInteger(1, network.address().toBytes())
                .add(BigInteger.valueOf(number))
                .toByteArray();
        var bytes = new byte[network.family().bits() / 8];
        int count = Math.min(sum.length, bytes.length); // toByteArray may lead with a sign byte
        System.arraycopy(sum, sum.length - count, bytes, bytes.length - count, count);
        var address = IpAddress.ofBytes(bytes);
        if (number < 1 || !network.contains(address)) {
            throw new IllegalArgumentException(network + " has no host number " + number);
        }
        return address;
    }
}
