package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.Locale;

/** Which packets a table sees: include/uapi/linux/netfilter.h, NFPROTO_. */
public enum Family {
    INET(1),
    IP(2),
    ARP(3),
    NETDEV(5),
    BRIDGE(7),
    IP6(10);

    private final int number;

    Family(int number) {
        this.number = number;
    }

    public static Family of(IpFamily family) {
        return family == IpFamily.IPV4 ? IP : IP6;
    }

    public int number() {
        return number;
    }

    /** As nft writes it: {@code ip6}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
