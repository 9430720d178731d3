package io.fairlead.lab.net;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A node as it is to be built.
 *
 * @param name unique in the topology; part of its namespace's name
 * @param addresses on the LAN
 * @param podSubnets pod CIDRs; host 1 is the node's end, pods count from 2
 * @param pods names of its first pods, unique in the topology
 */
public record NodePlan(String name, Addresses addresses, Subnets podSubnets, List<String> pods) {

    public NodePlan {
        pods = List.copyOf(pods);
    }

    /** A node that is numbered through: addresses, pod CIDRs 10.244.N.0/24 and fd00:10:244:N::/64, pods nodeN-pod1…. */
    static NodePlan numbered(int number, Subnets lan, int pods) {
        if (number < 1 || number > 200) {
            throw new IllegalArgumentException("node number " + number + " is not in 1–200");
        }
        String name = "node" + number;
        return new NodePlan(
                name,
                lan.host(10 + number),
                Subnets.of("10.244." + number + ".0/24", "fd00:10:244:" + number + "::/64"),
                IntStream.rangeClosed(1, pods)
                        .mapToObj(pod -> name + "-pod" + pod)
                        .toList());
    }
}
