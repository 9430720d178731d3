package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * On which of this machine's addresses of one family NodePorts answer.
 *
 * @param prefixes never empty; one prefix of length 0 and no other when every address answers
 * @param containsIpv4Loopback whether 127.0.0.0/8 is touched; never for IPv6
 */
public record NodePortAddresses(IpFamily family, List<IpPrefix> prefixes, boolean containsIpv4Loopback) {

    /** The word that stands for the node's own addresses in the configuration. */
    public static final String PRIMARY = "primary";

    private static final IpAddress LOOPBACK_NETWORK = IpAddress.parse("127.0.0.0");

    public NodePortAddresses {
        prefixes = List.copyOf(prefixes);
    }

    /**
     * @param configured {@code nodePortAddresses} of the configuration, both families; what is not a CIDR is left out
     * @param nodeIps what {@code primary} stands for; loopback addresses are left out
     */
    public static NodePortAddresses of(List<String> configured, NodeIps nodeIps, IpFamily family) {
        return ofPrefixes(resolve(configured, nodeIps), family);
    }

    /** The configured CIDRs of both families, with {@code primary} replaced by the node's own addresses. */
    static List<IpPrefix> resolve(List<String> configured, NodeIps nodeIps) {
        return configured.stream()
                .flatMap(text -> text.equals(PRIMARY)
                        ? Stream.of(nodeIps.v4(), nodeIps.v6())
                                .filter(ip -> !ip.isLoopback())
                                .map(IpPrefix::host)
                        : IpPrefix.tryParse(text).stream())
                .toList();
    }

    /** Keeps the family's prefixes; none left means all addresses, and so does a prefix of length 0. */
    public static NodePortAddresses ofPrefixes(List<IpPrefix> prefixes, IpFamily family) {
        var all = new IpPrefix(family == IpFamily.IPV4 ? IpAddress.parse("0.0.0.0") : IpAddress.parse("::"), 0);
        var kept = new ArrayList<>(
                prefixes.stream().filter(prefix -> prefix.family() == family).toList());
        if (kept.isEmpty()) {
            kept.add(all);
        }
        boolean loopback = kept.stream().anyMatch(NodePortAddresses::touchesLoopback);
        boolean matchAll = kept.stream().anyMatch(prefix -> prefix.length() == 0);
        return new NodePortAddresses(family, matchAll ? List.of(all) : kept, loopback);
    }

    private static boolean touchesLoopback(IpPrefix prefix) {
        return prefix.family() == IpFamily.IPV4 && (prefix.address().isLoopback() || prefix.contains(LOOPBACK_NETWORK));
    }

    /** Whether every address of the family answers. */
    public boolean matchAll() {
        return prefixes.getFirst().length() == 0;
    }

    /** Those of the machine's addresses that answer, each once, in the order given. */
    public Set<IpAddress> matching(Collection<IpAddress> machineAddresses) {
        var matching = new LinkedHashSet<IpAddress>();
        machineAddresses.stream()
                .filter(ip -> prefixes.stream().anyMatch(prefix -> prefix.contains(ip)))
                .forEach(matching::add);
        return matching;
    }
}
