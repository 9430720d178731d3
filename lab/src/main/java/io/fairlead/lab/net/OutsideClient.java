package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;

/** A machine on the LAN that is no node; also the default gateway of the nodes. */
public record OutsideClient(NetworkNamespace namespace, Addresses addresses) {

    public IpAddress address(IpFamily family) {
        return addresses.of(family);
    }
}
