package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.LocalDetector;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What decides, besides the Services, where one node sends the packets of one family.
 *
 * @param nodeName empty when no endpoint is local
 * @param podCidrs the Node's spec.podCIDRs of the family
 * @param machine this machine's addresses of the family
 */
public record NodeView(
        ProxyMode mode,
        String nodeName,
        Optional<String> zone,
        IpAddress nodeIp,
        List<IpPrefix> podCidrs,
        Set<IpAddress> machine,
        LocalDetector detector,
        boolean masqueradeAll,
        NodePortAddresses nodePorts,
        boolean localhostNodePorts,
        RoutingTable table) {

    public NodeView {
        podCidrs = List.copyOf(podCidrs);
        machine = Set.copyOf(machine);
    }

    /** As configured, for the Node as it is known. */
    public static NodeView of(
            ProxyConfig config,
            String nodeName,
            Optional<Node> node,
            Collection<IpAddress> machine,
            RoutingTable table) {
        var family = table.family();
        var podCidrs = node.map(Node::podCidrs).orElse(List.of());
        var nodeIps =
                NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
        var nodePorts = NodePortAddresses.of(config.nodePortAddresses(), nodeIps, family);
        boolean iptables = config.proxyMode() == ProxyMode.IPTABLES;
        return new NodeView(
                config.proxyMode(),
                nodeName,
                node.flatMap(Node::zone),
                nodeIps.of(family),
                podCidrs.stream().filter(cidr -> cidr.family() == family).toList(),
                Set.copyOf(machine.stream()
                        .filter(address -> address.family() == family)
                        .toList()),
                LocalDetector.of(config.detectLocal(), podCidrs, family),
                config.masqueradeAll(),
                nodePorts,
                iptables
                        && family == IpFamily.IPV4
                        && config.iptables().localhostNodePorts()
                        && nodePorts.containsIpv4Loopback(),
                table);
    }

    public IpFamily family() {
        return table.family();
    }

    public boolean isMachine(IpAddress address) {
        return address.isLoopback() || machine.contains(address) || address.equals(nodeIp);
    }

    /** A Service port that has this cluster IP, whichever port is asked for. */
    Optional<ServiceRouting> holderOf(IpAddress address) {
        for (var ports : table.services().values()) {
            if (!ports.isEmpty() && ports.getFirst().clusterIp().equals(address)) {
                return Optional.of(ports.getFirst());
            }
        }
        return Optional.empty();
    }

    /** Whether node ports answer on this address of the machine. */
    public boolean answersNodePorts(IpAddress address) {
        if (address.isLoopback()) {
            return localhostNodePorts && nodePorts.prefixes().stream().anyMatch(prefix -> prefix.contains(address));
        }
        return isMachine(address) && nodePorts.prefixes().stream().anyMatch(prefix -> prefix.contains(address));
    }

    /** The addresses on which node ports answer, in words. */
    public String nodePortPlaces() {
        var loopback = localhostNodePorts ? ", 127.0.0.0/8" : "";
        if (nodePorts.matchAll()) {
            return "all addresses of this machine" + (localhostNodePorts ? ", localhost included" : " but localhost");
        }
        var matching = nodePorts.matching(machine).stream()
                .filter(address -> !address.isLoopback())
                .map(IpAddress::toString)
                .sorted()
                .toList();
        return matching.isEmpty() && loopback.isEmpty()
                ? "none of this machine's addresses"
                : String.join(", ", matching) + loopback;
    }
}
