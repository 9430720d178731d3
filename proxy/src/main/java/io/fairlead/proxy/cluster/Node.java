package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * The Node this proxy runs on.
 *
 * @param addresses all InternalIPs in the API's order, then all ExternalIPs
 * @param podCidrs spec.podCIDRs
 * @param zone the label {@code topology.kubernetes.io/zone}
 * @param leaving it is being deleted, or the cluster autoscaler is about to: load balancers are to avoid it
 */
public record Node(
        String name, List<IpAddress> addresses, List<IpPrefix> podCidrs, Optional<String> zone, boolean leaving) {

    public Node {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }

    /** A Node that stays. */
    public Node(String name, List<IpAddress> addresses, List<IpPrefix> podCidrs, Optional<String> zone) {
        this(name, addresses, podCidrs, zone, false);
    }
}
