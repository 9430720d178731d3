package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * A Service, reduced to what decides about packets (spec.*, status.loadBalancer). Lists hold both families, in the API's
 * order, duplicates kept.
 *
 * @param clusterIps at most one per family; none for headless and ExternalName Services, which get no rules
 * @param loadBalancerVips ingress IPs whose ipMode is VIP or absent
 * @param sourceRanges loadBalancerSourceRanges; empty means unrestricted
 * @param affinitySeconds how long a client stays with an endpoint; 0 without ClientIP affinity
 * @param externalPolicyLocal externalTrafficPolicy is Local and the type makes it count
 * @param healthCheckNodePort 0 when there is none
 */
public record Service(
        NamespacedName name,
        List<IpAddress> clusterIps,
        List<ServicePort> ports,
        List<IpAddress> externalIps,
        List<IpAddress> loadBalancerVips,
        List<IpPrefix> sourceRanges,
        int affinitySeconds,
        boolean externalPolicyLocal,
        boolean internalPolicyLocal,
        int healthCheckNodePort) {

    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        externalIps = List.copyOf(externalIps);
        loadBalancerVips = List.copyOf(loadBalancerVips);
        sourceRanges = List.copyOf(sourceRanges);
    }

    public Optional<IpAddress> clusterIp(IpFamily family) {
        for (var ip : clusterIps) {
            if (ip.family() == family) {
                return Optional.of(ip);
            }
        }
        return Optional.empty();
    }
}
