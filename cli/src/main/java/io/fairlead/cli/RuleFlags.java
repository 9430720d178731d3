package io.fairlead.cli;

import io.fairlead.proxy.config.DetectLocalConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What decides about the rules themselves; render takes these flags, too. */
final class RuleFlags {

    @Option(names = "--proxy-mode", paramLabel = "MODE", description = "iptables (the default) or nftables.")
    String mode = "";

    @Option(
            names = "--masquerade-all",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Masquerade all traffic to cluster IPs.")
    boolean masqueradeAll;

    @Option(
            names = "--iptables-masquerade-bit",
            converter = FlagValue.Int32.class,
            paramLabel = "N",
            description = "Bit of the packet mark that asks for masquerading, 0-31 (default: 14).")
    int masqueradeBit = 14;

    @Option(
            names = "--iptables-localhost-nodeports",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Let NodePorts answer on 127.0.0.0/8 in iptables mode, IPv4 only (default: true).")
    boolean localhostNodePorts = true;

    @Option(
            names = "--nodeport-addresses",
            paramLabel = "CIDR",
            split = ",",
            description =
                    "CIDRs of local addresses on which NodePorts answer, or 'primary' for the Node's own addresses (default: all). May be repeated.")
    List<String> nodePortAddresses = new ArrayList<>();

    @Option(
            names = "--detect-local-mode",
            paramLabel = "MODE",
            description =
                    "How traffic from this node's pods is recognised: ClusterCIDR (the default), NodeCIDR, BridgeInterface or InterfaceNamePrefix.")
    String detectLocalMode = "";

    @Option(
            names = "--cluster-cidr",
            paramLabel = "CIDR[,CIDR]",
            description =
                    "Pod addresses of the cluster, for ClusterCIDR: one CIDR, or one of each family, separated by a comma.")
    @Nullable String clusterCidr;

    @Option(
            names = "--pod-bridge-interface",
            paramLabel = "NAME",
            description = "Bridge the pods are behind, for BridgeInterface.")
    String podBridgeInterface = "";

    @Option(
            names = "--pod-interface-name-prefix",
            paramLabel = "PREFIX",
            description = "Beginning of the names of the pods' interfaces, for InterfaceNamePrefix.")
    String podInterfaceNamePrefix = "";

    @Option(
            names = "--feature-gates",
            converter = FlagValue.Gate.class,
            paramLabel = "NAME=true|false",
            split = ",",
            description = "Kubernetes feature gates, such as AllowServiceExternalIPs=false. May be repeated.")
    List<FlagValue.FeatureGate> featureGates = new ArrayList<>();

    DetectLocalConfig detectLocal() {
        // Given but empty means a list with one empty text, which validation refuses in ClusterCIDR mode.
        var cidrs = clusterCidr == null ? List.<String>of() : List.of(clusterCidr.split(",", -1));
        return new DetectLocalConfig(detectLocalMode, podBridgeInterface, podInterfaceNamePrefix, cidrs);
    }

    /** A list flag that was given empty adds nothing. */
    List<String> nodePortAddresses() {
        return nodePortAddresses.stream().filter(text -> !text.isEmpty()).toList();
    }

    Map<String, Boolean> gates() {
        var gates = new TreeMap<String, Boolean>();
        featureGates.forEach(gate -> gates.put(gate.name(), gate.enabled()));
        return gates;
    }
}
