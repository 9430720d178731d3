package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Does the configuration fit the IP families of this node? Asked at start, when the node's addresses are known. */
public final class FamilyCheck {

    private final ProxyConfig config;
    private final List<IpPrefix> podCidrs;
    private final List<IpPrefix> nodePortPrefixes;
    private final IpFamily primary;

    /** @param podCidrs the Node's spec.podCIDRs */
    public FamilyCheck(ProxyConfig config, NodeIps nodeIps, List<IpPrefix> podCidrs) {
        this.config = config;
        this.podCidrs = List.copyOf(podCidrs);
        this.nodePortPrefixes = NodePortAddresses.resolve(config.nodePortAddresses(), nodeIps);
        this.primary = nodeIps.primary();
    }

    /**
     * @param message all findings in one line
     * @param fatal whether the proxy cannot work like this
     */
    public record Finding(String message, boolean fatal) {}

    /** NodePorts that answer on more addresses than the operator may think. Never fatal. */
    public Optional<String> openNodePorts() {
        if (nodePortPrefixes.isEmpty()) {
            return Optional.of("nodePortAddresses is unset; NodePort connections will be accepted on all local IPs. "
                    + "Consider using `--nodeport-addresses primary`");
        }
        boolean dualStack = Stream.of(
                        nodePortPrefixes,
                        prefixes(config.detectLocal().clusterCidrs()),
                        prefixes(config.ipvs().excludeCidrs()),
                        podCidrs)
                .anyMatch(list -> hasFamily(list, IpFamily.IPV4) && hasFamily(list, IpFamily.IPV6));
        if (dualStack && !hasFamily(nodePortPrefixes, primary.other())) {
            return Optional.of("cluster appears to be dual-stack but " + onlyNodePorts(primary));
        }
        if (!hasFamily(nodePortPrefixes, primary)) {
            return Optional.of("cluster appears to be " + primary + "-primary but " + onlyNodePorts(primary.other()));
        }
        return Optional.empty();
    }

    private static String onlyNodePorts(IpFamily only) {
        return "nodePortAddresses contains only " + only + " addresses; "
                + "NodePort connections will be accepted on all local " + only.other() + " IPs";
    }

    /** @param dualStack whether this machine can do both families */
    public Optional<Finding> wrongFamilies(boolean dualStack) {
        var messages = new ArrayList<String>();
        var wrong = primary.other();
        String cluster = "cluster is " + primary + (dualStack ? "-primary" : "-only") + " but ";
        String mode = config.detectLocal().mode();
        boolean fatal = false;
        if (isOnly(prefixes(config.detectLocal().clusterCidrs()), wrong)) {
            messages.add(cluster + "clusterCIDRs contains only " + wrong + " addresses");
            fatal |= mode.equals(DetectLocalConfig.CLUSTER_CIDR) && !dualStack;
        }
        if (isOnly(podCidrs, wrong)) {
            messages.add(cluster + "node.spec.podCIDRs contains only " + wrong + " addresses");
            fatal |= mode.equals(DetectLocalConfig.NODE_CIDR);
        }
        if (isWrong(config.windows().sourceVip())) {
            messages.add(cluster + "winkernel.sourceVip is " + wrong);
        }
        if (!dualStack) {
            singleStackOnly(cluster, wrong, messages);
        }
        return messages.isEmpty() ? Optional.empty() : Optional.of(new Finding(joined(messages), fatal));
    }

    private void singleStackOnly(String cluster, IpFamily wrong, List<String> messages) {
        if (isOnly(prefixes(config.ipvs().excludeCidrs()), wrong)) {
            messages.add(cluster + "ipvs.excludeCIDRs contains only " + wrong + " addresses");
        }
        if (isWrong(host(config.healthzBindAddress()))) {
            messages.add(cluster + "healthzBindAddress is " + wrong);
        }
        if (isWrong(host(config.metricsBindAddress()))) {
            messages.add(cluster + "metricsBindAddress is " + wrong);
        }
    }

    private static String joined(List<String> messages) {
        return messages.size() == 1 ? messages.getFirst() : "[" + String.join(", ", messages) + "]";
    }

    /** A specific address of the other family. */
    private boolean isWrong(String address) {
        return IpAddress.tryParse(address)
                .filter(ip -> !ip.isUnspecified() && ip.family() != primary)
                .isPresent();
    }

    private static String host(String address) {
        return HostPort.split(address).map(HostPort::host).orElse(address);
    }

    private static boolean isOnly(List<IpPrefix> prefixes, IpFamily family) {
        return !prefixes.isEmpty() && !hasFamily(prefixes, family.other());
    }

    private static boolean hasFamily(List<IpPrefix> prefixes, IpFamily family) {
        return prefixes.stream().anyMatch(prefix -> prefix.family() == family);
    }

    private static List<IpPrefix> prefixes(List<String> texts) {
        return texts.stream().map(IpPrefix::tryParse).flatMap(Optional::stream).toList();
    }
}
