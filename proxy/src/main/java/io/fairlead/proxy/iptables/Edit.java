package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.RestoreSink;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A surgical restore: the chains of changed Service ports are rewritten, their rules in shared chains are taken out one by
 * one and added again at the end. A newcomer therefore never gets ahead of a Service that was there first and claims the
 * same address. Rules of unchanged Services are not touched.
 *
 * <p>Collects with {@link #change}; complete in itself, so any number of ports can be split over several edits.
 */
final class Edit implements RestoreScript {

    private final List<PlacedRule> natTail;
    private final List<PlacedRule> filterDeletes = new ArrayList<>();
    private final List<PlacedRule> filterAppends = new ArrayList<>();
    private final List<PlacedRule> natDeletes = new ArrayList<>();
    private final List<PlacedRule> natAppends = new ArrayList<>();
    private final Map<String, List<Rule>> written = new LinkedHashMap<>();
    private final List<String> deleted = new ArrayList<>();
    private RuleTotals growth = RuleTotals.NONE;

    /** An edit of nothing yet. */
    Edit(RuleSettings settings) {
        natTail = FixedRules.natTail(settings);
    }

    /** Adds the difference between what a Service port had and what it is to have. */
    void change(Optional<ServicePortRules> before, Optional<ServicePortRules> after) {
        growth = growth.plus(after.map(RuleTotals::of).orElse(RuleTotals.NONE))
                .minus(before.map(RuleTotals::of).orElse(RuleTotals.NONE));
        changeShared(
                before.map(ServicePortRules::filter),
                after.map(ServicePortRules::filter),
                filterDeletes,
                filterAppends);
        changeShared(before.map(ServicePortRules::nat), after.map(ServicePortRules::nat), natDeletes, natAppends);
        var old = before.map(Edit::byChain).orElse(Map.of());
        var next = after.map(Edit::byChain).orElse(Map.of());
        next.forEach((chain, rules) -> {
            if (!rules.equals(old.get(chain))) {
                written.put(chain, rules);
            }
        });
        for (var chain : old.keySet()) {
            if (!next.containsKey(chain)) {
                deleted.add(chain);
            }
        }
    }

    /** The order of a port's rules inside one shared chain counts, so they go and come together. */
    private static void changeShared(
            Optional<List<PlacedRule>> before,
            Optional<List<PlacedRule>> after,
            List<PlacedRule> deletes,
            List<PlacedRule> appends) {
        if (!before.equals(after)) {
            before.ifPresent(deletes::addAll);
            after.ifPresent(appends::addAll);
        }
    }

    static Map<String, List<Rule>> byChain(ServicePortRules rules) {
        var byChain = new LinkedHashMap<String, List<Rule>>();
        rules.chains().forEach(chain -> byChain.put(chain, new ArrayList<>()));
        for (var placed : rules.own()) {
            byChain.computeIfAbsent(placed.chain(), _ -> new ArrayList<>()).add(placed.rule());
        }
        return byChain;
    }

    /** How many rules in shared chains it takes out or adds: each costs a search through its chain. */
    int sharedRules() {
        return filterDeletes.size() + filterAppends.size() + natDeletes.size() + natAppends.size();
    }

    /** How many chains it writes or deletes: what the nf_tables back end's time grows with. */
    int chains() {
        return written.size() + deleted.size();
    }

    RuleTotals rulesWritten() {
        return new RuleTotals(
                filterAppends.size(),
                natAppends.size()
                        + written.values().stream().mapToInt(List::size).sum());
    }

    /** By how many rules the tables grow. */
    RuleTotals growth() {
        return growth;
    }

    int rulesDeleted() {
        return filterDeletes.size() + natDeletes.size();
    }

    /** Chains that are gone afterwards. */
    List<String> deletedChains() {
        return deleted;
    }

    boolean isEmpty() {
        return sharedRules() == 0 && chains() == 0;
    }

    @Override
    public void writeTo(RestoreSink sink) {
        if (!filterDeletes.isEmpty() || !filterAppends.isEmpty()) {
            sink.table(Table.FILTER);
            delete(sink, filterDeletes);
            RulesetScript.append(sink, filterAppends);
            sink.commit();
        }
        if (!natDeletes.isEmpty() || !natAppends.isEmpty() || chains() > 0) {
            sink.table(Table.NAT);
            written.keySet().forEach(sink::chain);
            deleted.forEach(sink::chain);
            delete(sink, natDeletes);
            appendToNat(sink);
            written.forEach((chain, rules) -> rules.forEach(rule -> sink.append(chain, rule)));
            deleted.forEach(sink::deleteChain);
            sink.commit();
        }
    }

    private void appendToNat(RestoreSink sink) {
        boolean passesTail =
                natAppends.stream().anyMatch(placed -> placed.chain().equals(Chains.SERVICES));
        if (passesTail) {
            delete(sink, natTail);
        }
        RulesetScript.append(sink, natAppends);
        if (passesTail) {
            RulesetScript.append(sink, natTail);
        }
    }

    private static void delete(RestoreSink sink, List<PlacedRule> rules) {
        for (var placed : rules) {
            sink.delete(placed.chain(), placed.rule());
        }
    }
}
