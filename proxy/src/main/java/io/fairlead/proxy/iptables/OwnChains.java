package io.fairlead.proxy.iptables;

import static io.fairlead.proxy.iptables.Rules.anyPort;
import static io.fairlead.proxy.iptables.Rules.comment;
import static io.fairlead.proxy.iptables.Rules.destination;
import static io.fairlead.proxy.iptables.Rules.jump;
import static io.fairlead.proxy.iptables.Rules.protocol;
import static io.fairlead.proxy.iptables.Rules.rule;
import static io.fairlead.proxy.iptables.Rules.source;
import static io.fairlead.proxy.iptables.Rules.toPort;

import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Target;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The chains of one Service port (spec sections 3.6.2 to 3.6.5): external traffic, load-balancer firewall, the two policies,
 * and one per endpoint. A chain exists only where something can jump to it.
 */
final class OwnChains {

    private final ServiceRouting routing;
    private final RuleSettings settings;
    private final boolean endpointComments;
    private final String name;
    private final String protocol;
    private final String hash;
    private final List<String> names = new ArrayList<>();
    private final List<PlacedRule> rules = new ArrayList<>();

    OwnChains(ServiceRouting routing, RuleSettings settings, boolean endpointComments) {
        this.routing = routing;
        this.settings = settings;
        this.endpointComments = endpointComments;
        name = routing.name().toString();
        protocol = routing.name().protocol().text();
        hash = Chains.hash(routing.name());
    }

    List<String> names() {
        return names;
    }

    List<PlacedRule> rules() {
        return rules;
    }

    String external() {
        return "KUBE-EXT-" + hash;
    }

    String firewall() {
        return "KUBE-FW-" + hash;
    }

    String clusterPolicy() {
        return "KUBE-SVC-" + hash;
    }

    String localPolicy() {
        return "KUBE-SVL-" + hash;
    }

    /** Where traffic to the cluster IP goes. */
    String internalPolicy() {
        return routing.internalPolicyLocal() ? localPolicy() : clusterPolicy();
    }

    boolean usesExternal() {
        return routing.endpoints().any() && routing.externallyAccessible();
    }

    boolean usesFirewall() {
        return routing.endpoints().any()
                && !routing.loadBalancerVips().isEmpty()
                && !routing.sourceRanges().isEmpty();
    }

    private boolean usesClusterPolicy() {
        return !routing.endpoints().cluster().isEmpty() && routing.usesClusterEndpoints();
    }

    private boolean usesLocalPolicy() {
        return !routing.endpoints().local().isEmpty() && routing.usesLocalEndpoints();
    }

    void write() {
        declare();
        masqueradeInternal();
        if (usesExternal()) {
            writeExternal();
        }
        if (usesFirewall()) {
            writeFirewall();
        }
        if (usesClusterPolicy()) {
            writePolicy(clusterPolicy(), routing.endpoints().cluster());
        }
        if (usesLocalPolicy()) {
            writePolicy(localPolicy(), routing.endpoints().local());
        }
        for (var endpoint : routing.endpoints().reachable()) {
            writeEndpoint(endpoint);
        }
    }

    private void declare() {
        if (usesExternal()) {
            names.add(external());
        }
        if (usesFirewall()) {
            names.add(firewall());
        }
        if (usesClusterPolicy()) {
            names.add(clusterPolicy());
        }
        if (usesLocalPolicy()) {
            names.add(localPolicy());
        }
        for (var endpoint : routing.endpoints().reachable()) {
            names.add(Chains.endpoint(routing.name(), endpoint));
        }
    }

    /** Traffic to the cluster IP from elsewhere than Pods could be answered past this node: masquerade it. */
    private void masqueradeInternal() {
        var notFromPods = settings.notFromPods();
        if (!routing.hasInternalEndpoints() || !settings.masqueradeAll() && notFromPods.isEmpty()) {
            return;
        }
        var matches = new ArrayList<Match>(List.of(
                comment(name + " cluster IP"),
                protocol(protocol),
                destination(routing.clusterIp()),
                toPort(protocol, routing.port())));
        if (!settings.masqueradeAll()) {
            notFromPods.ifPresent(matches::add);
        }
        add(internalPolicy(), new Rule(matches, Optional.of(Rules.MARK_FOR_MASQUERADE)));
    }

    private void writeExternal() {
        var destinations = name + " external destinations";
        if (!routing.externalPolicyLocal()) {
            add(external(), rule(Rules.MARK_FOR_MASQUERADE, comment("masquerade traffic for " + destinations)));
        } else {
            var cluster = jump(clusterPolicy());
            settings.fromPods()
                    .ifPresent(fromPods ->
                            add(external(), rule(cluster, comment("pod traffic for " + destinations), fromPods)));
            add(
                    external(),
                    rule(
                            Rules.MARK_FOR_MASQUERADE,
                            comment("masquerade LOCAL traffic for " + destinations),
                            Rules.FROM_LOCAL));
            add(external(), rule(cluster, comment("route LOCAL traffic for " + destinations), Rules.FROM_LOCAL));
        }
        if (routing.hasExternalEndpoints()) {
            add(external(), rule(jump(routing.externalPolicyLocal() ? localPolicy() : clusterPolicy())));
        }
    }

    private void writeFirewall() {
        var accepted = comment(name + " loadbalancer IP");
        for (var range : routing.sourceRanges()) {
            add(firewall(), rule(jump(external()), accepted, source(range)));
        }
        // Local traffic to the load balancer's address has that address as its source once the kernel short-cuts it.
        if (settings.nodeIp().isPresent()
                && routing.sourceRanges().stream()
                        .anyMatch(range -> range.contains(settings.nodeIp().get()))) {
            for (var vip : routing.loadBalancerVips()) {
                add(firewall(), rule(jump(external()), accepted, source(vip)));
            }
        }
        var rest = comment("other traffic to " + name + " will be dropped by " + Chains.PROXY_FIREWALL);
        add(firewall(), rule(Optional.empty(), Optional.of(rest)));
    }

    private void writePolicy(String chain, List<RoutedEndpoint> endpoints) {
        if (routing.affinitySeconds() > 0) {
            for (var endpoint : endpoints) {
                var seen = new Match.Recent(
                        Match.RecentMode.RCHECK,
                        Chains.endpoint(routing.name(), endpoint),
                        OptionalInt.of(routing.affinitySeconds()),
                        true);
                add(chain, toEndpoint(endpoint, seen));
            }
        }
        int count = endpoints.size();
        for (int i = 0; i < count; i++) {
            int left = count - i;
            add(
                    chain,
                    left > 1
                            ? toEndpoint(endpoints.get(i), new Match.Probability(1.0 / left))
                            : toEndpoint(endpoints.get(i)));
        }
    }

    private Rule toEndpoint(RoutedEndpoint endpoint, Match... matches) {
        return rule(
                Optional.of(jump(Chains.endpoint(routing.name(), endpoint))),
                endpointComment(name + " -> " + endpoint.text()),
                matches);
    }

    private void writeEndpoint(RoutedEndpoint endpoint) {
        var chain = Chains.endpoint(routing.name(), endpoint);
        var what = endpointComment(name);
        add(chain, rule(Optional.of(Rules.MARK_FOR_MASQUERADE), what, source(endpoint.address())));
        Optional<Target> dnat = Optional.of(new Target.Dnat(endpoint.text()));
        if (routing.affinitySeconds() > 0) {
            var remember = new Match.Recent(Match.RecentMode.SET, chain, OptionalInt.empty(), false);
            add(chain, rule(dnat, what, remember, protocol(protocol), anyPort(protocol)));
        } else {
            add(chain, rule(dnat, what, protocol(protocol), anyPort(protocol)));
        }
    }

    private Optional<Match> endpointComment(String text) {
        return endpointComments ? Optional.of(comment(text)) : Optional.empty();
    }

    private void add(String chain, Rule rule) {
        rules.add(new PlacedRule(chain, rule));
    }
}
