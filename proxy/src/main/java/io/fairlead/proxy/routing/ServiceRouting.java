package io.fairlead.proxy.routing;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;

/**
 * Where the traffic of one Service port goes, for one IP family: everything a dataplane writes down.
 *
 * @param nodePort 0 when there is none
 * @param externalIps those that get rules; none when the feature gate AllowServiceExternalIPs is off
 * @param sourceRanges empty when the load-balancer addresses are open to everybody
 * @param affinitySeconds how long a client stays with its endpoint; 0 without ClientIP affinity
 * @param healthCheckNodePort 0 when there is none
 * @param externallyAccessible it has a node port, an external IP (allowed or not) or a load-balancer address
 */
public record ServiceRouting(
        ServicePortName name,
        IpAddress clusterIp,
        int port,
        int nodePort,
        List<IpAddress> externalIps,
        List<IpAddress> loadBalancerVips,
        List<IpPrefix> sourceRanges,
        int affinitySeconds,
        boolean externalPolicyLocal,
        boolean internalPolicyLocal,
        int healthCheckNodePort,
        boolean externallyAccessible,
        EndpointSelection endpoints) {

    public ServiceRouting {
        externalIps = List.copyOf(externalIps);
        loadBalancerVips = List.copyOf(loadBalancerVips);
        sourceRanges = List.copyOf(sourceRanges);
    }

    /** Both claim the same address, protocol and port; node ports aside. */
    public boolean collidesWith(ServiceRouting other) {
        return port == other.port
                && name.protocol() == other.name.protocol()
                && (other.claims(clusterIp)
                        || externalIps.stream().anyMatch(other::claims)
                        || loadBalancerVips.stream().anyMatch(other::claims));
    }

    private boolean claims(IpAddress address) {
        return clusterIp.equals(address) || externalIps.contains(address) || loadBalancerVips.contains(address);
    }

    /** Some traffic to this port is under policy Cluster. */
    public boolean usesClusterEndpoints() {
        return usesCluster(internalPolicyLocal, externallyAccessible);
    }

    /** Some traffic to this port is under policy Local. */
    public boolean usesLocalEndpoints() {
        return usesLocal(internalPolicyLocal, externalPolicyLocal, externallyAccessible);
    }

    /** Traffic to the cluster IP has somewhere to go. */
    public boolean hasInternalEndpoints() {
        return endpoints.any() && (!internalPolicyLocal || !endpoints.local().isEmpty());
    }

    /** Traffic from outside the cluster has somewhere to go. */
    public boolean hasExternalEndpoints() {
        return endpoints.any() && (!externalPolicyLocal || !endpoints.local().isEmpty());
    }

    static boolean usesCluster(boolean internalPolicyLocal, boolean externallyAccessible) {
        return !internalPolicyLocal || externallyAccessible;
    }

    static boolean usesLocal(boolean internalPolicyLocal, boolean externalPolicyLocal, boolean externallyAccessible) {
        return internalPolicyLocal || externalPolicyLocal && externallyAccessible;
    }
}
