package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.inspect.AuditReport;
import io.fairlead.proxy.inspect.Explainer;
import io.fairlead.proxy.inspect.KernelState;
import io.fairlead.proxy.inspect.ModeReport;
import io.fairlead.proxy.inspect.NodeView;
import io.fairlead.proxy.inspect.PlanReport;
import io.fairlead.proxy.inspect.RuleTracer;
import io.fairlead.proxy.iptables.Rendering;
import io.fairlead.proxy.iptables.RuleSettings;
import io.fairlead.proxy.nftables.NftRendering;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.source.ManifestException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One node as it would be with this configuration and cluster, without a daemon. */
final class OfflineNode {

    /** What every machine has, besides the addresses that its Node object names. */
    private static final List<IpAddress> LOOPBACK = List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));

    private final ProxyConfig config;
    private final String nodeName;
    private final ClusterImage image;

    private OfflineNode(ProxyConfig config, String nodeName, ClusterImage image) {
        this.config = config;
        this.nodeName = nodeName;
        this.image = image;
    }

    static OfflineNode read(ProxyInvocation invocation) throws StartException, ManifestException, InterruptedException {
        return new OfflineNode(invocation.config(), invocation.nodeName(), ClusterReading.read(invocation));
    }

    /**
     * For questions that no kernel is needed for: the Node object's addresses stand for the machine's.
     *
     * @param withRules whether the rules are asked, too
     */
    Map<IpFamily, Explainer> explainers(boolean withRules) {
        var explainers = new EnumMap<IpFamily, Explainer>(IpFamily.class);
        var primary = nodeIps().primary();
        for (var family : IpFamily.values()) {
            var view = view(family, config);
            if (family == primary || !view.table().services().isEmpty()) {
                explainers.put(family, new Explainer(view, withRules ? tracer(family) : RuleTracer.NONE));
            }
        }
        return explainers;
    }

    private RuleTracer tracer(IpFamily family) {
        return switch (config.proxyMode()) {
            case IPTABLES -> {
                var settings = RuleSettings.of(config, nodeIps(), podCidrs(), family, true, true)
                        .withMachineAddresses(machine());
                yield new RulesTracer(
                        part -> IptablesRules.of(new Rendering(part, settings).appliedToEmptyKernel()), this::machine);
            }
            case NFTABLES -> {
                var settings =
                        NftSettings.of(config, nodeIps(), podCidrs(), family).withMachineAddresses(machine());
                yield new RulesTracer(
                        part -> NftablesRules.of(new NftRendering(part, settings).appliedToEmptyKernel(), family),
                        this::machine);
            }
        };
    }

    private NodeView view(IpFamily family, ProxyConfig under) {
        return view(family, under, machine());
    }

    private NodeView view(IpFamily family, ProxyConfig under, Collection<IpAddress> machine) {
        var table = new Router(family, nodeName, under.externalIpsAllowed()).route(image);
        return NodeView.of(under, nodeName, image.node(), machine, table);
    }

    private List<io.fairlead.netfilter.ip.IpPrefix> podCidrs() {
        return image.node().map(Node::podCidrs).orElse(List.of());
    }

    private NodeIps nodeIps() {
        return NodeIps.detect(
                config.bindAddress(), image.node().map(Node::addresses).orElse(List.of()));
    }

    private Collection<IpAddress> machine() {
        var machine = new ArrayList<>(LOOPBACK);
        image.node().map(Node::addresses).ifPresent(machine::addAll);
        return machine;
    }

    /** What would behave differently in nftables mode. */
    ModeReport inNftablesMode() {
        var iptables = new ArrayList<NodeView>();
        var nftables = new ArrayList<NodeView>();
        for (var family : IpFamily.values()) {
            iptables.add(view(family, config.inMode(ProxyMode.IPTABLES)));
            nftables.add(view(family, config.inMode(ProxyMode.NFTABLES)));
        }
        return ModeReport.of(iptables, nftables);
    }

    /** The kernel of this machine, compared. */
    final class Kernel {

        private final CommandRunner runner = new ProcessCommandRunner();
        private final Families probed;
        private final Map<Dataplane, NodeView> families = new java.util.LinkedHashMap<>();

        private Kernel() throws StartException {
            var facts = new KernelFacts();
            probed = Families.probe(config.proxyMode(), runner, new ReadOnlyFacts(facts));
            for (var family : probed.forReading(config, nodeName, image.node())) {
                families.put(family.dataplane(), view(family.router().family(), config, facts.addresses()));
            }
        }

        PlanReport plan(int limit) throws DataplaneException {
            return new PlanReport(states(limit));
        }

        AuditReport audit() throws DataplaneException {
            return new AuditReport(
                    states(KernelState.FINDINGS),
                    Leftovers.look(config.proxyMode(), probed.iptablesBackend(), runner),
                    List.copyOf(families.values()));
        }

        private List<KernelState> states(int limit) throws DataplaneException {
            var states = new ArrayList<KernelState>();
            for (var family : families.entrySet()) {
                states.add(KernelState.read(family.getKey(), family.getValue().table(), limit));
            }
            return states;
        }

        /** A full sync, as the daemon's: with the counters made that its rules refer to. */
        void repair() throws DataplaneException, StartException {
            var writing = Families.probe(config.proxyMode(), runner, new KernelFacts());
            for (var family : writing.forReading(config, nodeName, image.node())) {
                var dataplane = family.dataplane();
                for (var view : families.values()) {
                    if (view.family() == dataplane.family()) {
                        dataplane.apply(view.table(), Set.of(), true);
                    }
                }
            }
        }
    }

    Kernel kernel() throws StartException {
        return new Kernel();
    }
}
