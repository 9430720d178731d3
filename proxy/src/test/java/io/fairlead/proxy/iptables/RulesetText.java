package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A ruleset as lines in which only what counts has an order: Services may stand in any order in shared chains, and a jump that
 * was taken out of a built-in chain comes back at its top.
 */
final class RulesetText {

    private static final Set<String> SHARED =
            Set.of(Chains.SERVICES, Chains.NODE_PORTS, Chains.EXTERNAL_SERVICES, Chains.PROXY_FIREWALL);

    private RulesetText() {}

    static List<String> of(Ruleset ruleset) {
        var printer = new SavePrinter(ruleset.family());
        var lines = new ArrayList<String>();
        for (var table : ruleset.tables()) {
            for (var chain : ruleset.chains(table)) {
                lines.add(table + " :" + chain);
                for (var rule : inOrder(ruleset.rules(table, chain), chain)) {
                    lines.add(table + " " + printer.line(chain, rule));
                }
            }
        }
        return lines;
    }

    static boolean hasTailLast(Ruleset ruleset) {
        var rules = ruleset.rules(Table.NAT, Chains.SERVICES);
        return !rules.isEmpty() && isTail(rules.getLast());
    }

    /** Stable: the rules of one Service port keep their order. */
    private static List<Rule> inOrder(List<Rule> rules, String chain) {
        var sorted = new ArrayList<>(rules);
        if (!chain.startsWith("KUBE-")) {
            sorted.sort(Comparator.comparing(Rule::toString));
            return sorted;
        }
        if (!SHARED.contains(chain)) {
            return rules;
        }
        sorted.sort(Comparator.comparing(RulesetText::isTail).thenComparing(RulesetText::owner));
        return sorted;
    }

    private static boolean isTail(Rule rule) {
        return rule.comment().orElse("").contains("must be the last rule");
    }

    /** The Service port a rule belongs to: its name, and what tells its protocol and port. */
    private static String owner(Rule rule) {
        var ports = rule.matches().stream()
                .filter(io.fairlead.netfilter.iptables.Match.Ports.class::isInstance)
                .toList();
        return rule.comment().orElse("").split(" ", 2)[0] + " " + ports;
    }
}
