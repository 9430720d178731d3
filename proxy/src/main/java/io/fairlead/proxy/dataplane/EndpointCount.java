package io.fairlead.proxy.dataplane;

import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServicePortName;

/**
 * How many connections the kernel has given to an endpoint of a Service port since the rules for it were last written.
 */
public record EndpointCount(ServicePortName port, RoutedEndpoint endpoint, long connections) {}
