package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;

/**
 * An address and a port.
 *
 * @param port 0–65535; 0 for protocols without ports
 */
public record Endpoint(IpAddress address, int port) {

    public Endpoint {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(port + " is not a port (0–65535)");
        }
    }

    /** {@code 10.0.0.1:80}, {@code [fd00::1]:80}, or the address alone when the port is 0. */
    @Override
    public String toString() {
        return port == 0 ? address.toString() : address.withPort(port);
    }
}
