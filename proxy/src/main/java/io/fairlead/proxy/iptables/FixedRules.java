package io.fairlead.proxy.iptables;

import static io.fairlead.proxy.iptables.Rules.comment;
import static io.fairlead.proxy.iptables.Rules.destination;
import static io.fairlead.proxy.iptables.Rules.jump;
import static io.fairlead.proxy.iptables.Rules.rule;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.iptables.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules that do not depend on any Service: jumps from the built-in chains, and what stands in shared chains. */
final class FixedRules {

    /** A jump from a built-in chain, inserted at its top when it is missing (spec section 3.3). */
    record JumpRow(Table table, String from, Rule rule) {

        String to() {
            return rule.target().orElseThrow() instanceof Target.Jump(String chain) ? chain : "";
        }
    }

    private static final IpPrefix LOOPBACK_V4 = IpPrefix.parse("127.0.0.0/8");
    private static final IpPrefix LOOPBACK_V6 = IpPrefix.parse("::1/128");
    private static final Match NEW = new Match.Conntrack(List.of("NEW"), false);

    /** In the order in which they are inserted, so that the last stands first. */
    static final List<JumpRow> JUMPS = List.of(
            jumpRow(Table.FILTER, "INPUT", Chains.EXTERNAL_SERVICES, NEW, externallyVisible()),
            jumpRow(Table.FILTER, "FORWARD", Chains.EXTERNAL_SERVICES, NEW, externallyVisible()),
            jumpRow(Table.FILTER, "INPUT", Chains.NODE_PORTS, comment("kubernetes health check service ports")),
            jumpRow(Table.FILTER, "FORWARD", Chains.SERVICES, NEW, comment("kubernetes service portals")),
            jumpRow(Table.FILTER, "OUTPUT", Chains.SERVICES, NEW, comment("kubernetes service portals")),
            jumpRow(Table.FILTER, "FORWARD", Chains.FORWARD, comment("kubernetes forwarding rules")),
            jumpRow(Table.FILTER, "INPUT", Chains.PROXY_FIREWALL, NEW, comment("kubernetes load balancer firewall")),
            jumpRow(Table.FILTER, "OUTPUT", Chains.PROXY_FIREWALL, NEW, comment("kubernetes load balancer firewall")),
            jumpRow(Table.FILTER, "FORWARD", Chains.PROXY_FIREWALL, NEW, comment("kubernetes load balancer firewall")),
            jumpRow(Table.NAT, "OUTPUT", Chains.SERVICES, comment("kubernetes service portals")),
            jumpRow(Table.NAT, "PREROUTING", Chains.SERVICES, comment("kubernetes service portals")),
            jumpRow(Table.NAT, "POSTROUTING", Chains.POSTROUTING, comment("kubernetes postrouting rules")),
            jumpRow(Table.FILTER, "INPUT", Chains.FIREWALL),
            jumpRow(Table.FILTER, "OUTPUT", Chains.FIREWALL));

    private FixedRules() {}

    /** Those from one built-in chain, from the top. */
    static List<JumpRow> jumpsFrom(Table table, String chain) {
        return JUMPS.reversed().stream()
                .filter(jump -> jump.table() == table && jump.from().equals(chain))
                .toList();
    }

    private static Match externallyVisible() {
        return comment("kubernetes externally-visible service portals");
    }

    private static JumpRow jumpRow(Table table, String from, String to, Match... matches) {
        return new JumpRow(table, from, rule(jump(to), matches));
    }

    /** Shared filter chains written by every full sync, in the order in which they are declared. */
    static List<String> filterChains(RuleSettings settings) {
        var chains = new ArrayList<>(List.of(
                Chains.SERVICES, Chains.EXTERNAL_SERVICES, Chains.FORWARD, Chains.NODE_PORTS, Chains.PROXY_FIREWALL));
        if (settings.localhostNodePorts()) {
            chains.add(Chains.FIREWALL);
        }
        return chains;
    }

    static List<String> natChains() {
        return List.of(Chains.SERVICES, Chains.NODE_PORTS, Chains.POSTROUTING, Chains.MARK_MASQ);
    }

    /** How many there are of them. */
    static RuleTotals totals(RuleSettings settings) {
        return new RuleTotals(
                filterHead(settings).size() + filterTail(settings).size(),
                natHead(settings).size() + natTail(settings).size());
    }

    /** Written before the rules of Services: what keeps route_localnet from opening loopback to the network. */
    static List<PlacedRule> filterHead(RuleSettings settings) {
        if (!settings.localhostNodePorts()) {
            return List.of();
        }
        var notFromLoopback = new Match.Address(Match.End.SOURCE, LOOPBACK_V4, false, true);
        var notAnswer = new Match.Conntrack(List.of("RELATED", "ESTABLISHED", "DNAT"), true);
        return List.of(new PlacedRule(
                Chains.FIREWALL,
                rule(
                        Target.Verdict.DROP,
                        comment("block incoming localnet connections"),
                        destination(LOOPBACK_V4),
                        notFromLoopback,
                        notAnswer)));
    }

    /** Written after the rules of Services. */
    static List<PlacedRule> filterTail(RuleSettings settings) {
        var rules = new ArrayList<PlacedRule>();
        if (settings.dropInvalid()) {
            var invalid = new Match.Conntrack(List.of("INVALID"), false);
            rules.add(new PlacedRule(
                    Chains.FORWARD,
                    settings.invalidCounter()
                            ? rule(Target.Verdict.DROP, invalid, Rules.counted(RuleSettings.INVALID_COUNTER))
                            : rule(Target.Verdict.DROP, invalid)));
        }
        rules.add(new PlacedRule(
                Chains.FORWARD,
                rule(
                        Target.Verdict.ACCEPT,
                        comment("kubernetes forwarding rules"),
                        new Match.Mark(settings.masqueradeMark(), settings.masqueradeMark(), false))));
        rules.add(new PlacedRule(
                Chains.FORWARD,
                rule(
                        Target.Verdict.ACCEPT,
                        comment("kubernetes forwarding conntrack rule"),
                        new Match.Conntrack(List.of("RELATED", "ESTABLISHED"), false))));
        return rules;
    }

    /** Masquerading: marked packets lose the mark and get this node's address. */
    static List<PlacedRule> natHead(RuleSettings settings) {
        int mark = settings.masqueradeMark();
        return List.of(
                new PlacedRule(Chains.POSTROUTING, rule(Target.Verdict.RETURN, new Match.Mark(mark, mark, true))),
                new PlacedRule(Chains.POSTROUTING, rule(new Target.SetMark(mark, 0))),
                new PlacedRule(
                        Chains.POSTROUTING,
                        rule(
                                new Target.Masquerade(Optional.empty(), settings.randomFully()),
                                comment("kubernetes service traffic requiring SNAT"))),
                new PlacedRule(Chains.MARK_MASQ, rule(new Target.SetMark(mark, mark))));
    }

    /** The way to node ports: always the end of KUBE-SERVICES, so that every other address is looked at first. */
    static List<PlacedRule> natTail(RuleSettings settings) {
        var note = comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
        var nodePorts = jump(Chains.NODE_PORTS);
        if (!settings.nodePorts().matchAll()) {
            return settings.nodePortAddresses().stream()
                    .map(address -> new PlacedRule(Chains.SERVICES, rule(nodePorts, note, destination(address))))
                    .toList();
        }
        return List.of(new PlacedRule(
                Chains.SERVICES,
                settings.localhostNodePorts()
                        ? rule(nodePorts, note, Rules.TO_LOCAL)
                        : rule(nodePorts, note, Rules.TO_LOCAL, Rules.notDestination(loopback(settings)))));
    }

    private static IpPrefix loopback(RuleSettings settings) {
        return settings.family() == IpFamily.IPV4 ? LOOPBACK_V4 : LOOPBACK_V6;
    }
}
