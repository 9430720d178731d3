package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An EndpointSlice of type IPv4 or IPv6 that belongs to a Service.
 *
 * @param service from the label {@code kubernetes.io/service-name}
 * @param lastChangeTriggerTime the annotation {@code endpoints.kubernetes.io/last-change-trigger-time}
 */
public record EndpointSlice(
        NamespacedName name,
        NamespacedName service,
        IpFamily family,
        List<EndpointPort> ports,
        List<Endpoint> endpoints,
        Optional<Instant> lastChangeTriggerTime) {

    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }
}
