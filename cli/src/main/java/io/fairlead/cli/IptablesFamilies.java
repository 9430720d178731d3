package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.iptables.IptablesDataplane;
import io.fairlead.proxy.iptables.LocalFacts;
import io.fairlead.proxy.iptables.RuleSettings;
import io.fairlead.proxy.node.Sysctls;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.sync.SyncLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iptables mode's families: those this machine supports (spec: process, section 3.4), and how each is set up once the Node is
 * known.
 */
final class IptablesFamilies implements Families {

    private static final Logger log = LoggerFactory.getLogger(IptablesFamilies.class);
    private static final String ROUTE_LOCALNET = "net/ipv4/conf/all/route_localnet";
    private static final String TCP_BE_LIBERAL = "net/netfilter/nf_conntrack_tcp_be_liberal";

    private final List<Iptables> supported;
    private final Sysctls sysctls;
    private final LocalFacts facts;

    private IptablesFamilies(List<Iptables> supported, Sysctls sysctls, LocalFacts facts) {
        this.supported = supported;
        this.sysctls = sysctls;
        this.facts = facts;
    }

    /** @throws StartException when no family works */
    static IptablesFamilies probe(CommandRunner runner, Sysctls sysctls, LocalFacts facts) throws StartException {
        var supported = new ArrayList<Iptables>();
        var reasons = new ArrayList<String>();
        for (var family : IpFamily.values()) {
            if (family == IpFamily.IPV6 && !sysctls.hasIpv6()) {
                log.atInfo()
                        .addKeyValue("ipFamily", family)
                        .log(
                                sysctls.isIpv6Disabled()
                                        ? "Kernel support disabled for family"
                                        : "No kernel support for family");
                continue;
            }
            var iptables = Iptables.probe(family, runner);
            try {
                iptables.requireNat();
                supported.add(iptables);
            } catch (IptablesException e) {
                log.atInfo()
                        .addKeyValue("ipFamily", family)
                        .addKeyValue("error", e)
                        .log("No iptables support for family");
                reasons.add(e.getMessage());
            }
        }
        if (supported.isEmpty()) {
            throw new StartException("iptables is not available on this host: " + String.join("; ", reasons)
                    + "; install iptables and run as root (CAP_NET_ADMIN)");
        }
        return new IptablesFamilies(supported, sysctls, facts);
    }

    @Override
    public List<IpFamily> supported() {
        return supported.stream().map(Iptables::family).toList();
    }

    @Override
    public Optional<Capabilities.Backend> iptablesBackend() {
        return Optional.of(backend());
    }

    /** Whose kernel tables the iptables programs use. */
    Capabilities.Backend backend() {
        return supported.getFirst().capabilities().backend();
    }

    @Override
    public Map<IpFamily, Predecessor> predecessors() {
        var predecessors = new EnumMap<IpFamily, Predecessor>(IpFamily.class);
        supported.forEach(iptables ->
                predecessors.put(iptables.family(), Predecessor.of(iptables.family(), () -> Optional.of(iptables))));
        return predecessors;
    }

    @Override
    public List<SyncLoop.Family> start(ProxyConfig config, String nodeName, Optional<Node> node) throws StartException {
        var nodeIps =
                NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
        Families.requirePrimary(nodeIps.primary(), supported(), "iptables");
        boolean dropInvalid = dropsInvalid();
        var families = new ArrayList<SyncLoop.Family>();
        for (var iptables : supported) {
            var settings = settings(iptables, config, nodeIps, node, dropInvalid);
            openLocalhost(settings);
            families.add(family(iptables, config, nodeName, settings));
        }
        log.atInfo()
                .addKeyValue("ipFamilies", supported())
                .addKeyValue("backend", backend())
                .addKeyValue("nodeIPs", List.of(nodeIps.v4(), nodeIps.v6()))
                .log("Using iptables Proxier");
        return families;
    }

    @Override
    public List<SyncLoop.Family> forReading(ProxyConfig config, String nodeName, Optional<Node> node) {
        var nodeIps =
                NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
        boolean dropInvalid = dropsInvalid();
        return supported.stream()
                .map(iptables ->
                        family(iptables, config, nodeName, settings(iptables, config, nodeIps, node, dropInvalid)))
                .toList();
    }

    private static RuleSettings settings(
            Iptables iptables, ProxyConfig config, NodeIps nodeIps, Optional<Node> node, boolean dropInvalid) {
        return RuleSettings.of(
                config,
                nodeIps,
                node.map(Node::podCidrs).orElse(List.of()),
                iptables.family(),
                iptables.capabilities().randomFully(),
                dropInvalid);
    }

    private SyncLoop.Family family(Iptables iptables, ProxyConfig config, String nodeName, RuleSettings settings) {
        return new SyncLoop.Family(
                new Router(iptables.family(), nodeName, config.externalIpsAllowed()),
                new IptablesDataplane(iptables, settings, facts));
    }

    @Override
    public boolean findsOtherMode() {
        return !NftTables.present().isEmpty();
    }

    @Override
    public void removeOtherMode() {
        NftTables.remove();
    }

    /** A kernel that is told to take out-of-window packets for valid has none to drop. */
    private boolean dropsInvalid() {
        boolean liberal = sysctls.read(TCP_BE_LIBERAL).orElse(0) != 0;
        if (liberal) {
            log.info("nf_conntrack_tcp_be_liberal set, not installing DROP rules for INVALID packets");
        }
        return !liberal;
    }

    private void openLocalhost(RuleSettings settings) throws StartException {
        if (!settings.localhostNodePorts()) {
            return;
        }
        if (ensure(ROUTE_LOCALNET, "switch --iptables-localhost-nodeports off")) {
            log.atInfo()
                    .addKeyValue("ipFamily", IpFamily.IPV4)
                    .log("Setting route_localnet=1 to allow node-ports on localhost; to change this either disable"
                            + " iptables.localhostNodePorts (--iptables-localhost-nodeports) or set"
                            + " nodePortAddresses (--nodeport-addresses) to filter loopback addresses");
        }
    }

    private boolean ensure(String sysctl, String alternative) throws StartException {
        try {
            return sysctls.ensure(sysctl, 1);
        } catch (IOException e) {
            throw new StartException(e.getMessage() + ", or " + alternative, e);
        }
    }
}
