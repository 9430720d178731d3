package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.iptables.IptablesCleanup;
import io.fairlead.proxy.iptables.LocalFacts;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.nftables.NftablesKernel;
import io.fairlead.proxy.nftables.Requirements;
import io.fairlead.proxy.node.Sysctls;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.sync.SyncLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nftables mode's families: both, unless the machine has no IPv6. */
final class NftablesFamilies implements Families {

    private static final Logger log = LoggerFactory.getLogger(NftablesFamilies.class);
    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final String SKIP_RELEASE_CHECK = "KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK";

    private final List<IpFamily> supported;
    private final LocalFacts facts;
    private final CommandRunner runner;
    private final NftablesKernel kernel = new NftablesKernel();

    private NftablesFamilies(List<IpFamily> supported, LocalFacts facts, CommandRunner runner) {
        this.supported = supported;
        this.facts = facts;
        this.runner = runner;
    }

    /** @throws StartException when this kernel cannot do all that nftables mode needs */
    static NftablesFamilies probe(
            Sysctls sysctls, LocalFacts facts, CommandRunner runner, Map<String, String> environment)
            throws StartException {
        var families = new ArrayList<IpFamily>();
        families.add(IpFamily.IPV4);
        if (sysctls.hasIpv6()) {
            families.add(IpFamily.IPV6);
        } else {
            log.atInfo()
                    .addKeyValue("ipFamily", IpFamily.IPV6)
                    .log(
                            sysctls.isIpv6Disabled()
                                    ? "Kernel support disabled for family"
                                    : "No kernel support for family");
        }
        if (environment.getOrDefault(SKIP_RELEASE_CHECK, "").isEmpty()) {
            refuse(Requirements.ofRelease(release()));
        }
        for (var family : families) {
            refuse(Requirements.ofKernel(family));
        }
        return new NftablesFamilies(families, facts, runner);
    }

    private static void refuse(Optional<String> problem) throws StartException {
        if (problem.isPresent()) {
            throw new StartException(problem.get());
        }
    }

    private static String release() throws StartException {
        try {
            return Files.readString(RELEASE);
        } catch (IOException e) {
            throw new StartException("cannot tell the kernel's release: " + e.getMessage(), e);
        }
    }

    @Override
    public List<IpFamily> supported() {
        return supported;
    }

    @Override
    public Map<IpFamily, Predecessor> predecessors() {
        var predecessors = new EnumMap<IpFamily, Predecessor>(IpFamily.class);
        supported.forEach(family -> predecessors.put(family, Predecessor.of(family, () -> iptables(family))));
        return predecessors;
    }

    @Override
    public List<SyncLoop.Family> start(ProxyConfig config, String nodeName, Optional<Node> node) throws StartException {
        var nodeIps =
                NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
        Families.requirePrimary(nodeIps.primary(), supported, "IPv6");
        var families = forReading(config, nodeName, node);
        log.atInfo()
                .addKeyValue("ipFamilies", supported)
                .addKeyValue("nodeIPs", List.of(nodeIps.v4(), nodeIps.v6()))
                .log("Using nftables Proxier");
        return families;
    }

    @Override
    public List<SyncLoop.Family> forReading(ProxyConfig config, String nodeName, Optional<Node> node)
            throws StartException {
        var nodeIps =
                NodeIps.detect(config.bindAddress(), node.map(Node::addresses).orElse(List.of()));
        var podCidrs = node.map(Node::podCidrs).orElse(List.of());
        var families = new ArrayList<SyncLoop.Family>();
        for (var family : supported) {
            var settings = NftSettings.of(config, nodeIps, podCidrs, family);
            try {
                families.add(new SyncLoop.Family(
                        new Router(family, nodeName, config.externalIpsAllowed()),
                        kernel.dataplane(settings, facts::addresses)));
            } catch (IOException e) {
                throw new StartException("this kernel's nftables cannot be reached: " + e.getMessage(), e);
            }
        }
        return families;
    }

    @Override
    public Optional<Capabilities.Backend> iptablesBackend() {
        return Optional.empty();
    }

    @Override
    public boolean findsOtherMode() {
        return supported.stream().anyMatch(family -> iptablesWithRules(family).isPresent());
    }

    @Override
    public void removeOtherMode() {
        for (var family : supported) {
            iptablesWithRules(family).ifPresent(iptables -> {
                IptablesCleanup.run(iptables);
                log.atInfo().addKeyValue("ipFamily", family).log("Removed the rules of iptables mode");
            });
        }
    }

    private Optional<Iptables> iptablesWithRules(IpFamily family) {
        return iptables(family).filter(NftablesFamilies::holdsRulesOfOurs);
    }

    /** Where the iptables programs are not installed nobody can have left rules with them, or take them out. */
    private Optional<Iptables> iptables(IpFamily family) {
        return Optional.of(Iptables.probe(family, runner))
                .filter(iptables -> iptables.capabilities().version().isPresent());
    }

    /** Looking first leaves a machine alone that never had any. */
    private static boolean holdsRulesOfOurs(Iptables iptables) {
        var found = new AtomicBoolean();
        try {
            iptables.saveLines(line -> found.compareAndSet(false, line.startsWith(":KUBE-SERVICES ")));
        } catch (IptablesException e) {
            log.atDebug()
                    .addKeyValue("ipFamily", iptables.family())
                    .addKeyValue("err", e)
                    .log("Could not look for rules of iptables mode");
        }
        return found.get();
    }
}
