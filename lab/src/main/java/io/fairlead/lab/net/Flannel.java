package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;

/**
 * What flannel adds to a node's rules: pods may be forwarded to and from, and whoever talks across the border of the pod
 * network is masqueraded, except outside clients of the node's own pods.
 */
final class Flannel {

    private Flannel() {}

    /** Once per node, by a process per family. */
    static void install(NetworkNamespace node, Subnets podNetwork, Subnets ownPods) {
        for (var family : IpFamily.values()) {
            String program = family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
            node.execWithInput(rules(podNetwork.of(family), ownPods.of(family)), program, "-w", "10", "--noflush");
        }
    }

    private static String rules(IpPrefix network, IpPrefix own) {
        String multicast = network.family() == IpFamily.IPV4 ? "224.0.0.0/4" : "ff00::/8";
        return """
                *filter
                -A FORWARD -s NETWORK -m comment --comment "flanneld forward" -j ACCEPT
                -A FORWARD -d NETWORK -m comment --comment "flanneld forward" -j ACCEPT
                COMMIT
                *nat
                -A POSTROUTING -s NETWORK -d NETWORK -m comment --comment "flanneld masq" -j RETURN
                -A POSTROUTING -s NETWORK ! -d MULTICAST -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
                -A POSTROUTING ! -s NETWORK -d OWN -m comment --comment "flanneld masq" -j RETURN
                -A POSTROUTING ! -s NETWORK -d NETWORK -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
                COMMIT
                """.replace("NETWORK", network.toString())
                .replace("MULTICAST", multicast)
                .replace("OWN", own.toString());
    }
}
