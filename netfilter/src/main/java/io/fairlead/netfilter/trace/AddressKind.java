package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;

/** What the routing table calls an address; broadcast addresses of subnets are not known here. */
enum AddressKind {
    LOCAL,
    UNICAST,
    BROADCAST,
    MULTICAST,
    UNSPEC;

    static AddressKind of(IpAddress address, Host host) {
        if (host.isLocal(address)) {
            return LOCAL;
        }
        if (address.isUnspecified()) {
            return UNSPEC;
        }
        if (address.family() == IpFamily.IPV6) {
            return address.high() >>> 56 == 0xff ? MULTICAST : UNICAST;
        }
        return address.low() == 0xffff_ffffL ? BROADCAST : address.low() >>> 28 == 0xe ? MULTICAST : UNICAST;
    }
}
