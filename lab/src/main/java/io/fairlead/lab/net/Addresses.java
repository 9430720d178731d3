package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;

/** The addresses of one machine, one of each family. */
public record Addresses(IpAddress ipv4, IpAddress ipv6) {

    public Addresses {
        if (ipv4.family() != IpFamily.IPV4 || ipv6.family() != IpFamily.IPV6) {
            throw new IllegalArgumentException(ipv4 + " and " + ipv6 + ": need an IPv4 and an IPv6 address");
        }
    }

    /** @throws IllegalArgumentException when one is not an address of its family */
    public static Addresses of(String ipv4, String ipv6) {
        return new Addresses(IpAddress.parse(ipv4), IpAddress.parse(ipv6));
    }

    public IpAddress of(IpFamily family) {
        return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }

    public List<IpAddress> both() {
        return List.of(ipv4, ipv6);
    }
}
