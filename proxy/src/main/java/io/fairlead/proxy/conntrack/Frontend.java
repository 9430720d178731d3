package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.ip.IpAddress;

/** What a client of a UDP Service sends to. */
public sealed interface Frontend {

    int port();

    /** A cluster IP, a load balancer's VIP or an external IP, with the Service's port. */
    record Address(IpAddress address, int port) implements Frontend {}

    /** A node port, on whichever of this machine's addresses. */
    record NodePort(int port) implements Frontend {}
}
