package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.ip.IpAddress;

/** Who answers: an endpoint's address and port. */
record Backend(IpAddress address, int port) {}
