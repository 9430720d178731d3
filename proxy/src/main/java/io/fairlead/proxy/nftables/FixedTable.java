package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.proxy.config.LocalDetector;
import java.util.ArrayList;
import java.util.List;

/** The chains that are in the table whatever Services there are (spec sections 1.3, 1.4 and 2.1). */
final class FixedTable {

    private static final IpPrefix LOOPBACK_V4 = IpPrefix.parse("127.0.0.0/8");
    private static final IpPrefix LOOPBACK_V6 = IpPrefix.parse("::1/128");

    private final NftSettings settings;
    private final IpFamily family;
    private final List<IpPrefix> serviceCidrs;

    /** @param serviceCidrs of this family: addresses in them that no Service has are to be silent */
    FixedTable(NftSettings settings, List<IpPrefix> serviceCidrs) {
        this.settings = settings;
        this.serviceCidrs = serviceCidrs;
        family = settings.family();
    }

    static TableId id(IpFamily family) {
        return new TableId(Family.of(family), Names.TABLE);
    }

    /** The table itself. */
    static Table of(IpFamily family) {
        return Table.of(Family.of(family), Names.TABLE).withComment("rules for kube-proxy");
    }

    /** Those jumped to before those that jump. */
    List<ChainPlan> chains() {
        var chains = new ArrayList<ChainPlan>();
        chains.add(new ChainPlan(
                Chain.regular(Names.REJECT).withComment("helper for @no-endpoint-services / @no-endpoint-nodeports"),
                List.of(rule().reject().build())));
        chains.add(ChainPlan.of(Names.NODE_PORT_ENDPOINTS_CHECK, nodePortEndpointsCheck()));
        chains.add(ChainPlan.of(Names.SERVICE_ENDPOINTS_CHECK, byAddress(Names.NO_ENDPOINT_SERVICES)));
        chains.add(ChainPlan.of(Names.FIREWALL_CHECK, byAddress(Names.FIREWALL_IPS)));
        chains.add(new ChainPlan(Chain.regular(Names.SERVICES), services()));
        chains.add(new ChainPlan(Chain.regular(Names.MASQUERADING), masquerading()));
        chains.add(new ChainPlan(Chain.regular(Names.CLUSTER_IPS_CHECK), clusterIpsCheck()));
        chains.addAll(baseChains());
        return chains;
    }

    private List<ChainPlan> baseChains() {
        var firewall = ifNew(Names.FIREWALL_CHECK);
        var nodePorts = ifNew(Names.NODE_PORT_ENDPOINTS_CHECK);
        var endpoints = ifNew(Names.SERVICE_ENDPOINTS_CHECK);
        var clusterIps = ifNew(Names.CLUSTER_IPS_CHECK);
        var services = rule().jump(Names.SERVICES).build();
        return List.of(
                base("filter-prerouting-pre-dnat", Hook.filter(Hook.Point.PREROUTING, -110), firewall),
                base("filter-output-pre-dnat", Hook.filter(Hook.Point.OUTPUT, -110), firewall),
                base("filter-input", Hook.filter(Hook.Point.INPUT, 0), nodePorts, endpoints),
                base("filter-forward", Hook.filter(Hook.Point.FORWARD, 0), endpoints, clusterIps),
                base("filter-output", Hook.filter(Hook.Point.OUTPUT, 0), endpoints, clusterIps),
                base("nat-prerouting", Hook.nat(Hook.Point.PREROUTING, -100), services),
                base("nat-output", Hook.nat(Hook.Point.OUTPUT, -100), services),
                base(
                        "nat-postrouting",
                        Hook.nat(Hook.Point.POSTROUTING, 100),
                        rule().jump(Names.MASQUERADING).build()));
    }

    private static ChainPlan base(String name, Hook hook, Rule... rules) {
        return new ChainPlan(Chain.base(name, hook), List.of(rules));
    }

    private Rule ifNew(String check) {
        return rule().whenCtState(Ct.STATE_NEW).jump(check).build();
    }

    private List<Rule> services() {
        var rules = new ArrayList<Rule>();
        int mark = settings.masqueradeMark();
        if (settings.masqueradeAll()) {
            rules.add(toClusterIp().setMarkOr(mark).comment("masquerade all clusterIP traffic"));
        } else if (!(settings.fromPods() instanceof LocalDetector.None)) {
            rules.add(LocalTraffic.unless(toClusterIp(), settings.fromPods())
                    .setMarkOr(mark)
                    .comment("masquerade clusterIP traffic from outside cluster"));
        }
        rules.add(byAddress(Names.SERVICE_IPS));
        rules.add((settings.nodePorts().matchAll() ? notLoopback(rule().whenFibLocal(Fib.DADDR)) : toNodePortAddress())
                .vmap(SetRef.named(Names.SERVICE_NODE_PORTS), Keys.nodePort())
                .build());
        return rules;
    }

    private List<Rule> masquerading() {
        int mark = settings.masqueradeMark();
        return List.of(
                rule().whenMark(mark).setMarkXor(mark).masqueradeFullyRandom().build(),
                rule().whenCtStatus(Ct.STATUS_DNAT)
                        .when(
                                List.of(Field.saddr(family), Field.daddr(family), Field.META_L4PROTO, Field.TH_DPORT),
                                SetRef.named(Names.HAIRPIN))
                        .masqueradeFullyRandom()
                        .build());
    }

    private List<Rule> clusterIpsCheck() {
        var rules = new ArrayList<Rule>();
        rules.add(toClusterIp().reject().comment("Reject traffic to invalid ports of ClusterIPs"));
        if (!serviceCidrs.isEmpty()) {
            var ranges = AddressRanges.of(serviceCidrs);
            var inside = ranges.single()
                    .map(prefix -> rule().whenDaddr(prefix))
                    .orElseGet(() -> rule().when(
                                    Field.daddr(family),
                                    ranges.set(Field.daddr(family).type())));
            rules.add(inside.drop().comment("Drop traffic to unallocated ClusterIPs"));
        }
        return rules;
    }

    private Rule nodePortEndpointsCheck() {
        return (settings.nodePorts().matchAll() ? notLoopback(rule()) : toNodePortAddress())
                .vmap(SetRef.named(Names.NO_ENDPOINT_NODE_PORTS), Keys.nodePort())
                .build();
    }

    private RuleBuilder notLoopback(RuleBuilder rule) {
        return rule.unlessDaddr(family == IpFamily.IPV4 ? LOOPBACK_V4 : LOOPBACK_V6);
    }

    private RuleBuilder toNodePortAddress() {
        return rule().when(Field.daddr(family), SetRef.named(Names.NODE_PORT_IPS));
    }

    private RuleBuilder toClusterIp() {
        return rule().when(Field.daddr(family), SetRef.named(Names.CLUSTER_IPS));
    }

    private Rule byAddress(String map) {
        return rule().vmap(SetRef.named(map), Keys.address(family)).build();
    }

    private RuleBuilder rule() {
        return RuleBuilder.of(family);
    }
}
