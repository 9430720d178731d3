package io.fairlead.proxy.node;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what becomes of our Node while the proxy runs (spec: process, section 3.13). Rules that were written for other
 * Pod CIDRs are wrong, and the process must be started anew.
 */
public final class NodeWatch {

    private static final Logger log = LoggerFactory.getLogger(NodeWatch.class);

    private final String nodeName;
    private final List<IpAddress> nodeIps;
    private final List<IpPrefix> podCidrs;
    private final boolean podCidrsMatter;

    /**
     * @param start the Node as the rules were set up for it
     * @param podCidrsMatter whether local traffic is told by the Node's podCIDRs
     */
    public NodeWatch(String nodeName, Optional<Node> start, boolean podCidrsMatter) {
        this.nodeName = nodeName;
        this.nodeIps = start.map(NodeWatch::nodeIps).orElse(List.of());
        this.podCidrs = start.map(Node::podCidrs).orElse(List.of());
        this.podCidrsMatter = podCidrsMatter;
    }

    /**
     * The Node came or changed.
     *
     * @return whether the process has to end, with status 1
     */
    public boolean changed(Node node) {
        if (podCidrsMatter && !node.podCidrs().equals(podCidrs)) {
            log.atInfo()
                    .addKeyValue("node", nodeName)
                    .addKeyValue("newPodCIDRs", node.podCidrs())
                    .addKeyValue("oldPodCIDRs", podCidrs)
                    .log("PodCIDRs changed for the node");
            return true;
        }
        var now = nodeIps(node);
        if (!now.equals(nodeIps)) {
            log.atInfo()
                    .addKeyValue("node", nodeName)
                    .addKeyValue("newNodeIPs", now)
                    .addKeyValue("oldNodeIPs", nodeIps)
                    .log("NodeIPs changed for the node");
        }
        return false;
    }

    /** The Node was deleted, as happens before it is made anew; the rules stay as they are. */
    public void deleted() {
        log.atInfo().addKeyValue("node", nodeName).log("Node is being deleted");
    }

    /** The first address, and the first of the other family. */
    public static List<IpAddress> nodeIps(Node node) {
        var ips = new ArrayList<IpAddress>(2);
        for (var address : node.addresses()) {
            if (ips.stream().noneMatch(known -> known.family() == address.family())) {
                ips.add(address);
            }
        }
        return List.copyOf(ips);
    }
}
