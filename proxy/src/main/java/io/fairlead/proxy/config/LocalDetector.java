package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;

/** How a packet from a pod of this node is recognised, for one IP family. */
public sealed interface LocalDetector {

    /** It is not; rules that need to know are left out. */
    record None() implements LocalDetector {}

    /** By its source address. */
    record Cidr(IpPrefix prefix) implements LocalDetector {}

    /** By the bridge it comes from. */
    record BridgeInterface(String name) implements LocalDetector {}

    /** By the beginning of the name of the interface it comes from. */
    record InterfaceNamePrefix(String prefix) implements LocalDetector {}

    /**
     * The order of CIDRs does not matter; the first of the family counts.
     *
     * @param podCidrs the Node's spec.podCIDRs, looked at in NodeCIDR mode only
     */
    public static LocalDetector of(DetectLocalConfig config, List<IpPrefix> podCidrs, IpFamily family) {
        return switch (config.mode()) {
            case "", DetectLocalConfig.CLUSTER_CIDR -> firstOf(config.clusterPrefixes(), family);
            case DetectLocalConfig.NODE_CIDR -> firstOf(podCidrs, family);
            case DetectLocalConfig.BRIDGE_INTERFACE -> new BridgeInterface(config.bridgeInterface());
            case DetectLocalConfig.INTERFACE_NAME_PREFIX -> new InterfaceNamePrefix(config.interfaceNamePrefix());
            default -> new None();
        };
    }

    private static LocalDetector firstOf(List<IpPrefix> prefixes, IpFamily family) {
        return prefixes.stream()
                .filter(prefix -> prefix.family() == family)
                .findFirst()
                .<LocalDetector>map(Cidr::new)
                .orElseGet(None::new);
    }
}
