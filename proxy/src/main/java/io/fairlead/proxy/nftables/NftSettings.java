package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.config.LocalDetector;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.config.ProxyConfig;
import java.util.Collection;
import java.util.List;

/**
 * What the table of one family depends on besides the routing.
 *
 * @param masqueradeMark the one bit that asks for masquerading, unsigned
 * @param masqueradeAll masquerade everything sent to a cluster IP
 * @param fromPods how traffic from Pods of this node is told
 * @param nodePorts where node ports are to answer
 * @param nodePortAddresses this machine's addresses among those, unless they answer on all; never a loopback address
 * @param nodeIp this node's own address, which source ranges may contain
 */
public record NftSettings(
        IpFamily family,
        int masqueradeMark,
        boolean masqueradeAll,
        LocalDetector fromPods,
        NodePortAddresses nodePorts,
        List<IpAddress> nodePortAddresses,
        IpAddress nodeIp) {

    public NftSettings {
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }

    /**
     * As configured; node ports answer nowhere, unless on all addresses, until the machine's are known.
     *
     * @param podCidrs the Node's spec.podCIDRs
     */
    public static NftSettings of(ProxyConfig config, NodeIps nodeIps, List<IpPrefix> podCidrs, IpFamily family) {
        return new NftSettings(
                family,
                config.masqueradeMark(),
                config.masqueradeAll(),
                LocalDetector.of(config.detectLocal(), podCidrs, family),
                NodePortAddresses.of(config.nodePortAddresses(), nodeIps, family),
                List.of(),
                nodeIps.of(family));
    }

    /** With node ports on those of the machine's addresses that are configured; the kernel routes none to loopback. */
    public NftSettings withMachineAddresses(Collection<IpAddress> machine) {
        var addresses = nodePorts.matchAll()
                ? List.<IpAddress>of()
                : nodePorts.matching(machine).stream()
                        .filter(address -> !address.isLoopback())
                        .sorted()
                        .toList();
        return new NftSettings(family, masqueradeMark, masqueradeAll, fromPods, nodePorts, addresses, nodeIp);
    }
}
