package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.DetectLocalConfig;
import io.fairlead.proxy.config.FamilyCheck;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.node.ConntrackSysctls;
import io.fairlead.proxy.node.NodeWatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens between knowing the Node and setting the rules up (spec: process, section 3.1, steps 12 to 18): connection
 * tracking limits are set, and a configuration that does not fit the node is said or refused.
 */
final class StartChecks {

    private static final Logger log = LoggerFactory.getLogger(StartChecks.class);

    private final ProxyConfig config;
    private final List<IpAddress> nodeAddresses;
    private final List<IpPrefix> podCidrs;
    private final NodeIps nodeIps;

    private StartChecks(ProxyConfig config, Optional<Node> node) {
        this.config = config;
        nodeAddresses = node.map(NodeWatch::nodeIps).orElse(List.of());
        podCidrs = node.map(Node::podCidrs).orElse(List.of());
        nodeIps = NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
    }

    /**
     * @param node as far as it is known after waiting
     * @param fromCluster whether there is a cluster that gives Nodes their Pod CIDRs
     * @param supported the families this machine can do
     */
    static void run(
            ProxyInvocation invocation,
            Optional<Node> node,
            boolean fromCluster,
            List<IpFamily> supported,
            ConntrackSysctls conntrack)
            throws StartException {
        if (fromCluster) {
            requirePodCidrs(invocation, node);
        }
        var checks = new StartChecks(invocation.config(), node);
        checks.sayNodeIps();
        var limits = invocation.config().conntrack();
        try {
            // A single sync is about rules; it may well be a trial in a namespace, where this cannot be set.
            conntrack.apply(invocation.once() ? limits.withoutMachineLimit() : limits);
        } catch (IOException e) {
            throw new StartException(
                    "could not set conntrack parameters from kube-proxy configuration: " + e.getMessage(), e);
        }
        checks.sayNodePorts();
        checks.families(supported);
        checks.localDetection();
    }

    /** @return whether rules depend on the Node's Pod CIDRs */
    static boolean needsPodCidrs(ProxyConfig config) {
        return config.detectLocal().mode().equals(DetectLocalConfig.NODE_CIDR);
    }

    private static void requirePodCidrs(ProxyInvocation invocation, Optional<Node> node) throws StartException {
        if (!needsPodCidrs(invocation.config())) {
            return;
        }
        String name = Text.quote(invocation.nodeName());
        if (node.isEmpty()) {
            throw new StartException("timeout waiting for node " + name
                    + " to exist; set --hostname-override to its name if that is another");
        }
        if (node.get().podCidrs().isEmpty()) {
            throw new StartException("timeout waiting for PodCIDR allocation on node " + name
                    + "; let the controller manager allocate node CIDRs, or use another --detect-local-mode");
        }
    }

    private void sayNodeIps() {
        if (!nodeAddresses.isEmpty()) {
            log.atInfo().addKeyValue("NodeIPs", nodeAddresses).log("Successfully retrieved NodeIPs");
        }
        if (nodeIps.primaryAddress().isLoopback()) {
            log.info("Can't determine this node's IP, assuming loopback; if this is incorrect, please set the"
                    + " --bind-address flag");
        }
    }

    private void sayNodePorts() {
        familyCheck().openNodePorts().ifPresent(StartChecks::sayIncomplete);
    }

    private FamilyCheck familyCheck() {
        return new FamilyCheck(config, nodeIps, podCidrs);
    }

    private void families(List<IpFamily> supported) throws StartException {
        if (!supported.contains(nodeIps.primary())) {
            return; // refused with its own sentence when the rules are set up
        }
        boolean dualStack = supported.size() > 1;
        var finding = familyCheck().wrongFamilies(dualStack);
        if (finding.isPresent()) {
            if (finding.get().fatal()) {
                throw new StartException("kube-proxy configuration is incorrect: "
                        + finding.get().message());
            }
            sayIncomplete(finding.get().message());
        }
        if (dualStack) {
            log.atInfo()
                    .addKeyValue("primary ipFamily", nodeIps.primary())
                    .log("kube-proxy running in dual-stack mode");
        } else {
            log.atInfo().addKeyValue("ipFamily", nodeIps.primary()).log("kube-proxy running in single-stack mode");
        }
    }

    private static void sayIncomplete(String message) {
        log.atError().addKeyValue("err", message).log("Kube-proxy configuration may be incomplete or incorrect");
    }

    /** Local detection that finds nothing to go by leaves traffic from Pods to be masqueraded like any other. */
    private void localDetection() {
        var primary = nodeIps.primary();
        switch (config.detectLocal().mode()) {
            case DetectLocalConfig.CLUSTER_CIDR -> {
                if (config.detectLocal().clusterPrefixes().stream().noneMatch(cidr -> cidr.family() == primary)) {
                    log.atInfo()
                            .addKeyValue("ipFamily", primary)
                            .addKeyValue("clusterCIDRs", config.detectLocal().clusterCidrs())
                            .log("Detect-local-mode set to ClusterCIDR, but no cluster CIDR specified for primary IP"
                                    + " family");
                }
            }
            case DetectLocalConfig.NODE_CIDR -> {
                if (podCidrs.stream().noneMatch(cidr -> cidr.family() == primary)) {
                    log.atInfo()
                            .addKeyValue("ipFamily", primary)
                            .addKeyValue("podCIDRs", podCidrs)
                            .log("Detect-local-mode set to NodeCIDR, but no PodCIDR defined at node for primary IP"
                                    + " family");
                }
            }
            default -> {}
        }
    }
}
