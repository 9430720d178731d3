package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.Selector;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The chains that one Service port has for itself: with client-IP affinity, because each endpoint remembers its clients; and
 * with source ranges. They are kube-proxy's, name for name (spec sections 2.4 and 2.5), so affinity outlives a change of
 * proxies.
 */
final class OwnChains {

    private static final DataType INDEX = Selector.random(1).type();

    private final ServiceRouting routing;
    private final NftSettings settings;
    private final IpFamily family;
    private final boolean affinity;
    private final String name;
    private final List<ChainPlan> chains = new ArrayList<>();
    private final List<NftSet> sets = new ArrayList<>();

    OwnChains(ServiceRouting routing, NftSettings settings) {
        this.routing = routing;
        this.settings = settings;
        family = settings.family();
        affinity = routing.affinitySeconds() > 0;
        name = affinity || usesFirewall() ? Names.of(routing.name()) : "";
    }

    /** Source ranges guard load-balancer addresses, and nothing else. */
    boolean usesFirewall() {
        return !routing.loadBalancerVips().isEmpty() && !routing.sourceRanges().isEmpty();
    }

    String firewall() {
        return "firewall-" + name;
    }

    /** Where traffic to the cluster IP goes; empty without affinity. */
    Optional<String> internal() {
        return affinity ? Optional.of(routing.internalPolicyLocal() ? local() : cluster()) : Optional.empty();
    }

    /** Where traffic from outside goes; empty without affinity. */
    Optional<String> external() {
        return affinity ? Optional.of("external-" + name) : Optional.empty();
    }

    private String cluster() {
        return "service-" + name;
    }

    private String local() {
        return "local-" + name;
    }

    private String affinitySet(RoutedEndpoint endpoint) {
        return Names.AFFINITY_PREFIX + Names.of(routing.name(), endpoint);
    }

    private String chain(RoutedEndpoint endpoint) {
        return "endpoint-" + Names.of(routing.name(), endpoint);
    }

    void write() {
        if (usesFirewall()) {
            chains.add(ChainPlan.of(firewall(), guard()));
        }
        if (affinity) {
            writeAffinity();
        }
    }

    List<ChainPlan> chains() {
        return chains;
    }

    List<NftSet> sets() {
        return sets;
    }

    private void writeAffinity() {
        var endpoints = routing.endpoints();
        for (var endpoint : endpoints.reachable()) {
            sets.add(FixedSets.affinity(family, affinitySet(endpoint), routing.affinitySeconds()));
            chains.add(ChainPlan.of(chain(endpoint), remember(endpoint), translate(endpoint)));
        }
        boolean usesCluster = !endpoints.cluster().isEmpty() && routing.usesClusterEndpoints();
        boolean usesLocal = !endpoints.local().isEmpty() && routing.usesLocalEndpoints();
        if (usesCluster) {
            chains.add(new ChainPlan(Chain.regular(cluster()), choice(endpoints.cluster())));
        }
        if (usesLocal) {
            chains.add(new ChainPlan(Chain.regular(local()), choice(endpoints.local())));
        }
        if (endpoints.any() && routing.externallyAccessible()) {
            var rules = routing.externalPolicyLocal()
                    ? Shape.shortCircuits(settings, cluster(), usesLocal ? List.of(local()) : List.of())
                    : Shape.masquerading(settings, cluster());
            chains.add(new ChainPlan(Chain.regular(external().orElseThrow()), rules));
        }
    }

    private Rule remember(RoutedEndpoint endpoint) {
        return RuleBuilder.of(family)
                .update(affinitySet(endpoint), Field.saddr(family))
                .build();
    }

    private Rule translate(RoutedEndpoint endpoint) {
        return RuleBuilder.of(family)
                .whenProtocol(Place.number(routing.name().protocol()))
                .dnatTo(endpoint.address(), endpoint.port())
                .build();
    }

    /** To the endpoint that remembers the client, else to any. */
    private List<Rule> choice(List<RoutedEndpoint> endpoints) {
        var rules = new ArrayList<Rule>(endpoints.size() + 1);
        var elements = new ArrayList<Element>(endpoints.size());
        for (var endpoint : endpoints) {
            rules.add(RuleBuilder.of(family)
                    .when(Field.saddr(family), SetRef.named(affinitySet(endpoint)))
                    .goTo(chain(endpoint))
                    .build());
            elements.add(Element.of(Data.ofHostInt(elements.size()), Verdict.goTo(chain(endpoint))));
        }
        var map = new SetRef.Anonymous(List.of(INDEX), List.of(DataType.VERDICT), false, elements);
        rules.add(RuleBuilder.of(family)
                .vmap(map, Selector.random(endpoints.size()))
                .build());
        return rules;
    }

    /**
     * Drops what comes from elsewhere. Where the node itself may come, it may also come by way of the load balancer's own
     * addresses.
     */
    private Rule guard() {
        var allowed = new ArrayList<IpPrefix>(routing.sourceRanges());
        if (allowed.stream().anyMatch(range -> range.contains(settings.nodeIp()))) {
            new TreeSet<>(routing.loadBalancerVips()).forEach(vip -> allowed.add(IpPrefix.host(vip)));
        }
        var ranges = AddressRanges.of(allowed);
        var rule = ranges.single()
                .map(prefix -> RuleBuilder.of(family).unlessSaddr(prefix))
                .orElseGet(() -> RuleBuilder.of(family)
                        .unless(
                                Field.saddr(family),
                                ranges.set(Field.saddr(family).type())));
        return rule.drop().build();
    }
}
