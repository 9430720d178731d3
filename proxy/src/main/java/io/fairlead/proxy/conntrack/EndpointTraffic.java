package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.FlowCounts;
import io.fairlead.proxy.routing.ServicePortName;

/**
 * What went to one endpoint of a Service port.
 *
 * @param endpoint {@code ip:port}
 * @param connections flows, open ones included
 * @param counts what they have carried so far: to the endpoint, and back
 */
public record EndpointTraffic(ServicePortName port, String endpoint, long connections, FlowCounts counts) {}
