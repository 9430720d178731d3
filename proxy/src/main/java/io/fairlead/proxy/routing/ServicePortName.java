package io.fairlead.proxy.routing;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;

/**
 * The identity of one port of a Service.
 *
 * @param port the port's name, empty when it has none
 */
public record ServicePortName(NamespacedName service, String port, Protocol protocol) {

    /** {@code namespace/name} or {@code namespace/name:port}; the protocol is not part of it. */
    @Override
    public String toString() {
        return port.isEmpty() ? service.toString() : service + ":" + port;
    }
}
