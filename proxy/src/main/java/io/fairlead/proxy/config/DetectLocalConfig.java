package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * {@code detectLocalMode}, {@code detectLocal} and {@code clusterCIDR}: how traffic from pods of this node is told from
 * other traffic.
 *
 * @param mode ClusterCIDR, NodeCIDR, BridgeInterface, InterfaceNamePrefix, or empty for ClusterCIDR
 * @param clusterCidrs as written, split at the commas
 */
public record DetectLocalConfig(
        String mode, String bridgeInterface, String interfaceNamePrefix, List<String> clusterCidrs) {

    public static final String CLUSTER_CIDR = "ClusterCIDR";
    public static final String NODE_CIDR = "NodeCIDR";
    public static final String BRIDGE_INTERFACE = "BridgeInterface";
    public static final String INTERFACE_NAME_PREFIX = "InterfaceNamePrefix";

    public static final DetectLocalConfig DEFAULT = new DetectLocalConfig("", "", "", List.of());

    public DetectLocalConfig {
        clusterCidrs = List.copyOf(clusterCidrs);
    }

    /** The cluster CIDRs that are CIDRs; in ClusterCIDR mode validation has seen to it that all are. */
    public List<IpPrefix> clusterPrefixes() {
        return clusterCidrs.stream()
                .map(IpPrefix::tryParse)
                .flatMap(Optional::stream)
                .toList();
    }

    DetectLocalConfig withMode(String newMode) {
        return new DetectLocalConfig(newMode, bridgeInterface, interfaceNamePrefix, clusterCidrs);
    }
}
