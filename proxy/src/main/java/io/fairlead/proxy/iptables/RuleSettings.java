package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Match;
import java.util.List;
import java.util.Optional;

/**
 * What the rules of one family depend on besides the routing.
 *
 * @param masqueradeMark the one bit that asks for masquerading, unsigned
 * @param masqueradeAll masquerade everything sent to a cluster IP
 * @param fromPods holds for traffic from Pods of this node, when they can be told; a source or an input interface
 * @param localhostNodePorts node ports answer on 127.0.0.0/8; IPv4 only
 * @param nodePortAddresses where node ports answer; empty means on all local addresses
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
        Optional<List<IpAddress>> nodePortAddresses,
        Optional<IpAddress> nodeIp,
        boolean randomFully,
        boolean dropInvalid,
        boolean invalidCounter,
        boolean localhostCounter) {

    /** The counters' names in the kernel (spec section 3.5). */
    public static final String INVALID_COUNTER = "ct_state_invalid_dropped_pkts";

    public static final String LOCALHOST_COUNTER = "localhost_nps_accepted_pkts";

    public RuleSettings {
        nodePortAddresses = nodePortAddresses.map(List::copyOf);
        localhostNodePorts &= family == IpFamily.IPV4;
    }

    public RuleSettings withCounters(boolean invalid, boolean localhost) {
        return new RuleSettings(
                family,
                masqueradeMark,
                masqueradeAll,
                fromPods,
                localhostNodePorts,
                nodePortAddresses,
                nodeIp,
                randomFully,
                dropInvalid,
                invalid,
                localhost);
    }

    public RuleSettings withNodePortAddresses(Optional<List<IpAddress>> addresses) {
        return new RuleSettings(
                family,
                masqueradeMark,
                masqueradeAll,
                fromPods,
                localhostNodePorts,
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
