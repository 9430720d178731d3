package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.proxy.config.LocalDetector;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.config.ProxyConfig;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the rules of one family depend on besides the routing.
 *
 * @param masqueradeMark the one bit that asks for masquerading, unsigned
 * @param masqueradeAll masquerade everything sent to a cluster IP
 * @param fromPods holds for traffic from Pods of this node, when they can be told; a source or an input interface
 * @param localhostNodePorts node ports answer on 127.0.0.0/8; IPv4 only
 * @param nodePorts where node ports are to answer
 * @param nodePortAddresses this machine's addresses among those, unless they answer on all
 * @param nodeIp this node's own address, which source ranges may contain
 * @param randomFully iptables knows {@code MASQUERADE --random-fully} (1.6.2)
 * @param dropInvalid drop packets that connection tracking calls INVALID
 * @param invalidCounter the nfacct counter of those drops exists
 * @param localhostCounter the nfacct counter of node-port connections over loopback exists
 */
public record RuleSettings(
        IpFamily family,
        int masqueradeMark,
        boolean masqueradeAll,
        Optional<Match> fromPods,
        boolean localhostNodePorts,
        NodePortAddresses nodePorts,
        List<IpAddress> nodePortAddresses,
        Optional<IpAddress> nodeIp,
        boolean randomFully,
        boolean dropInvalid,
        boolean invalidCounter,
        boolean localhostCounter) {

    /** The counters' names in the kernel (spec section 3.5). */
    public static final String INVALID_COUNTER = "ct_state_invalid_dropped_pkts";

    public static final String LOCALHOST_COUNTER = "localhost_nps_accepted_pkts";

    public RuleSettings {
        nodePortAddresses = List.copyOf(nodePortAddresses);
        localhostNodePorts &= family == IpFamily.IPV4;
    }

    /**
     * As configured; without nfacct counters, and with node ports on all addresses until the machine's are known.
     *
     * @param podCidrs the Node's spec.podCIDRs
     */
    public static RuleSettings of(
            ProxyConfig config,
            NodeIps nodeIps,
            List<IpPrefix> podCidrs,
            IpFamily family,
            boolean randomFully,
            boolean dropInvalid) {
        var nodePorts = NodePortAddresses.of(config.nodePortAddresses(), nodeIps, family);
        return new RuleSettings(
                family,
                config.masqueradeMark(),
                config.masqueradeAll(),
                fromPods(LocalDetector.of(config.detectLocal(), podCidrs, family)),
                config.iptables().localhostNodePorts() && nodePorts.containsIpv4Loopback(),
                nodePorts,
                List.of(),
                Optional.of(nodeIps.of(family)),
                randomFully,
                dropInvalid,
                false,
                false);
    }

    private static Optional<Match> fromPods(LocalDetector detector) {
        return switch (detector) {
            case LocalDetector.None() -> Optional.empty();
            case LocalDetector.Cidr(var prefix) -> Optional.of(Rules.source(prefix));
            case LocalDetector.BridgeInterface(var name) -> Optional.of(from(name));
            case LocalDetector.InterfaceNamePrefix(var prefix) -> Optional.of(from(prefix + "+"));
        };
    }

    private static Match from(String networkInterface) {
        return new Match.Interface(Match.End.SOURCE, networkInterface, false);
    }

    public RuleSettings withCounters(boolean invalid, boolean localhost) {
        return new RuleSettings(
                family,
                masqueradeMark,
                masqueradeAll,
                fromPods,
                localhostNodePorts,
                nodePorts,
                nodePortAddresses,
                nodeIp,
                randomFully,
                dropInvalid,
                invalid,
                localhost);
    }

    /**
     * With node ports on those of the machine's addresses that are configured. A loopback address among them needs {@link
     * #localhostNodePorts} and is left out otherwise: the kernel would not route it.
     */
    public RuleSettings withMachineAddresses(Collection<IpAddress> machine) {
        var addresses = nodePorts.matchAll()
                ? List.<IpAddress>of()
                : nodePorts.matching(machine).stream()
                        .filter(address -> localhostNodePorts || !address.isLoopback())
                        .sorted()
                        .toList();
        return new RuleSettings(
                family,
                masqueradeMark,
                masqueradeAll,
                fromPods,
                localhostNodePorts,
                nodePorts,
                addresses,
                nodeIp,
                randomFully,
                dropInvalid,
                invalidCounter,
                localhostCounter);
    }

    /** As {@link #fromPods}, but for all other traffic. */
    Optional<Match> notFromPods() {
        return fromPods.map(match -> switch (match) {
            case Match.Address(var end, var prefix, var bare, var negated) ->
                new Match.Address(end, prefix, bare, !negated);
            case Match.Interface(var end, var name, var negated) -> new Match.Interface(end, name, !negated);
            default -> throw new IllegalArgumentException("Pods are told by address or interface, not by " + match);
        });
    }
}
