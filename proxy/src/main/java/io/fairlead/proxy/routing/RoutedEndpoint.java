package io.fairlead.proxy.routing;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Endpoint;

/**
 * An endpoint of one Service port, as seen from this node.
 *
 * @param text {@code ip:port}, IPv6 in brackets; what endpoints are told apart and sorted by
 * @param local it runs on this node
 */
public record RoutedEndpoint(String text, Endpoint endpoint, int port, boolean local) {

    static RoutedEndpoint of(Endpoint endpoint, int port, boolean local) {
        return new RoutedEndpoint(endpoint.address().withPort(port), endpoint, port, local);
    }

    public IpAddress address() {
        return endpoint.address();
    }

    public boolean ready() {
        return endpoint.ready();
    }

    /** Going away, but still answering: used only where nothing ready is left. */
    public boolean servingWhileTerminating() {
        return !endpoint.ready() && endpoint.serving() && endpoint.terminating();
    }
}
