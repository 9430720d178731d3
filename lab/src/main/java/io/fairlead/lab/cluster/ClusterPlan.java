package io.fairlead.lab.cluster;

import io.fairlead.lab.controlplane.Hints;
import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.NodePlan;
import io.fairlead.lab.net.Subnets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A lab as it is to be: its addresses are those of a small kubeadm cluster with flannel.
 *
 * @param mode of the proxies: {@code iptables} or {@code nftables}
 * @param nodes the first one has the control plane
 */
public record ClusterPlan(String mode, List<Node> nodes) {

    static final Subnets LAN = Subnets.of("10.210.40.0/24", "fd00:10:210:40::/64");
    static final int OUTSIDE_NUMBER = 1; // the LAN's router, as far as nodes are concerned
    static final Subnets POD_NETWORK = Subnets.of("10.244.0.0/16", "fd00:10:244::/48");
    static final String SERVICE_CIDR = "10.96.0.0/12";
    static final String SERVICE_CIDR_V6 = "fd00:10:96::/112";
    static final String API_ADDRESS = "192.168.100.1";
    static final int API_PORT = 6443;
    static final String LOAD_BALANCERS = "198.51.100.0/24"; // RFC 5737
    static final String LOAD_BALANCERS_V6 = "2001:db8:1::/64"; // RFC 3849
    static final String DNS_ADDRESS = "10.96.0.10";
    static final String DOMAIN = "cluster.local";

    /** What the article's cluster chose, if it is asked for the same. */
    static final Hints HINTS =
            Hints.NONE.clusterIp("default", "my-nginx-svc", "10.98.69.149").node("default", "nginx", "k8s3");

    /** Addresses of the LAN and pod CIDRs run out beyond that. */
    public static final int MAX_NODES = 50;

    /**
     * @param lanNumber host number on the LAN
     * @param subnet number of its pod CIDRs in the pod network
     * @param firstPod number in them of its first pod
     * @param zone value of topology.kubernetes.io/zone
     */
    public record Node(String name, int lanNumber, int subnet, int firstPod, String zone) {

        NodePlan plan() {
            return new NodePlan(name, addresses(), podSubnets(), List.of());
        }

        Addresses addresses() {
            return LAN.host(lanNumber);
        }

        Subnets podSubnets() {
            return Subnets.of("10.244." + subnet + ".0/24", "fd00:10:244:" + subnet + "::/64");
        }
    }

    public ClusterPlan {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || nodes.size() > MAX_NODES) {
            throw new IllegalArgumentException(nodes.size() + " nodes; a lab has 1 to " + MAX_NODES);
        }
    }

    /**
     * k8s1, k8s2 … The first three have the addresses of the article that the project began from, and their pods the
     * numbers that were next there: DNS is 10.244.0.5 and 10.244.2.21, the first pod on k8s3 10.244.3.38.
     */
    public static ClusterPlan of(String mode, int count) {
        var known = List.of(
                new Node("k8s1", 172, 0, 5, "zone-1"),
                new Node("k8s2", 173, 2, 21, "zone-2"),
                new Node("k8s3", 175, 3, 38, "zone-3"));
        return new ClusterPlan(
                mode,
                IntStream.range(0, count)
                        .mapToObj(index -> index < known.size()
                                ? known.get(index)
                                : new Node("k8s" + (index + 1), 173 + index, index + 1, 2, "zone-" + (index % 3 + 1)))
                        .toList());
    }
}
