package io.fairlead.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.trace.Fate;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Rules;
import io.fairlead.netfilter.trace.Tracer;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.RandomCluster;
import io.fairlead.proxy.config.DetectLocalConfig;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.iptables.Rendering;
import io.fairlead.proxy.iptables.RuleSettings;
import io.fairlead.proxy.nftables.NftRendering;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The words come from the routing, the outcome from the rules; they say the same. */
class ExplanationTest {

    private static final Set<IpAddress> MACHINE = Set.of(IpAddress.parse("192.168.0.2"), IpAddress.parse("fd00:1::2"));
    private static final List<IpAddress> SENDERS = List.of(
            IpAddress.parse("10.244.0.3"),
            IpAddress.parse("203.0.113.9"),
            IpAddress.parse("198.51.100.1"),
            IpAddress.parse("fd00:244::3"),
            IpAddress.parse("fd00:c::9"));

    @Property(tries = 60)
    void wordsAndRulesSayTheSame(
            @ForAll long seed, @ForAll IpFamily family, @ForAll ProxyMode mode, @ForAll boolean podsKnown) {
        var cluster = new RandomCluster(seed);
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        for (int i = 0; i < 25; i++) {
            cluster.changes().forEach(delta::replay);
        }
        var image = delta.apply();
        var table = new Router(family, RandomCluster.THIS_NODE, true).route(image);
        var explainer = explainer(image, table, config(podsKnown).inMode(mode));
        for (var sender : senders(family)) {
            for (var to : destinations(table)) {
                var explanation = explainer.explain(sender, to);
                if (explanation.claims().size() == 1) {
                    assertThat(byRules(explanation))
                            .as("%s\n%s", explanation.text(), explanation.decision())
                            .isEqualTo(byWords(explanation));
                }
            }
        }
    }

    private static Explainer explainer(ClusterImage image, RoutingTable table, ProxyConfig config) {
        var view = NodeView.of(config, RandomCluster.THIS_NODE, image.node(), MACHINE, table);
        // All Services' rules, not only those that the explainer asks about: that must make no difference.
        var tracer = new Tracer(Host.of(MACHINE), List.of(rules(table, config)));
        return new Explainer(view, (_, packet) -> Optional.of(tracer.trace(packet)));
    }

    private static Rules rules(RoutingTable table, ProxyConfig config) {
        var family = table.family();
        var nodeIps = NodeIps.detect("0.0.0.0", List.copyOf(MACHINE));
        return switch (config.proxyMode()) {
            case IPTABLES -> {
                var settings = RuleSettings.of(config, nodeIps, List.of(), family, true, true);
                yield IptablesRules.of(new Rendering(table, settings).appliedToEmptyKernel());
            }
            case NFTABLES -> {
                var settings =
                        NftSettings.of(config, nodeIps, List.of(), family).withMachineAddresses(MACHINE);
                yield NftablesRules.of(new NftRendering(table, settings).appliedToEmptyKernel(), family);
            }
        };
    }

    private static ProxyConfig config(boolean podsKnown) {
        var config = ProxyConfig.DEFAULT.withPlatformDefaults();
        var cidrs = podsKnown ? List.of("10.244.0.0/16", "fd00:244::/64") : List.<String>of();
        return config.withDetectLocal(new DetectLocalConfig(DetectLocalConfig.CLUSTER_CIDR, "", "", cidrs));
    }

    private static List<Sender> senders(IpFamily family) {
        var senders = new ArrayList<Sender>(List.of(Sender.Place.values()));
        SENDERS.stream()
                .filter(address -> address.family() == family)
                .map(Sender.Address::new)
                .forEach(senders::add);
        return senders;
    }

    private static List<Destination.Socket> destinations(RoutingTable table) {
        var sockets = new ArrayList<Destination.Socket>();
        table.services().values().stream().flatMap(List::stream).forEach(port -> {
            add(sockets, port, port.clusterIp(), port.port());
            port.externalIps().forEach(ip -> add(sockets, port, ip, port.port()));
            port.loadBalancerVips().forEach(ip -> add(sockets, port, ip, port.port()));
            if (port.nodePort() != 0) {
                MACHINE.stream()
                        .filter(ip -> ip.family() == table.family())
                        .forEach(ip -> add(sockets, port, ip, port.nodePort()));
            }
        });
        return sockets;
    }

    private static void add(List<Destination.Socket> sockets, ServiceRouting port, IpAddress address, int number) {
        sockets.add(new Destination.Socket(address, number, port.name().protocol()));
    }

    /** Each outcome with its share. */
    private static Map<String, String> byRules(Explanation explanation) {
        var outcomes = new TreeMap<String, String>();
        explanation.trace().orElseThrow().outcomes().forEach((outcome, share) -> {
            var to = outcome.translatedTo().map(Object::toString).orElse("");
            boolean goesOn = outcome.fate() == Fate.SENT || outcome.fate() == Fate.DELIVERED;
            outcomes.put(
                    goesOn
                            ? to + (outcome.masqueraded() ? " masqueraded" : "")
                            : outcome.fate().name(),
                    share.toString());
        });
        return outcomes;
    }

    private static Map<String, String> byWords(Explanation explanation) {
        var decision = explanation.decision().orElseThrow();
        var outcomes = new LinkedHashMap<String, String>();
        switch (decision.fate()) {
            case REJECTED, DROPPED -> outcomes.put(decision.fate().name(), "1");
            case FILTERED -> outcomes.put("DROPPED", "1");
            case IGNORED -> outcomes.put("", "1");
            case BALANCED -> {
                int count = decision.candidates().size();
                for (var candidate : decision.candidates()) {
                    outcomes.put(
                            candidate.text() + (explanation.masquerades(candidate) ? " masqueraded" : ""),
                            count == 1 ? "1" : "1/" + count);
                }
            }
        }
        return new TreeMap<>(outcomes);
    }
}
