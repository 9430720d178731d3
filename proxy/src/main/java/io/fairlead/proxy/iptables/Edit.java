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
 * one and added again: at the end where another Service port claims the same address, so that a newcomer never gets ahead
 * of one that was there first, otherwise on top. Rules of unchanged Services are not touched.
 *
 * <p>Collects with {@link #change}; complete in itself, so any number of ports can be split over several edits.
 */
final class Edit implements RestoreScript {

    private final List<PlacedRule> natTail;
    private final boolean onTop;
    private final List<PlacedRule> filterDeletes = new ArrayList<>();
    private final List<PlacedRule> filterAppends = new ArrayList<>();
    private final List<PlacedRule> natDeletes = new ArrayList<>();
    private final List<PlacedRule> natAppends = new ArrayList<>();
    private final List<PlacedRule> natTops = new ArrayList<>();
    private final Map<String, List<Rule>> written = new LinkedHashMap<>();
    private final List<String> deleted = new ArrayList<>();
    private RuleTotals growth = RuleTotals.NONE;

    /** An edit of nothing yet. */
    Edit(RuleSettings settings) {
        this(settings, false);
    }

    private Edit(RuleSettings settings, boolean onTop) {
        natTail = FixedRules.natTail(settings);
        this.onTop = onTop;
    }

    /** An edit of nothing yet that puts rules before all others of their shared chain, in their own order. */
    static Edit onTop(RuleSettings settings) {
        return new Edit(settings, true);
    }

    /**
     * Adds the difference between what a Service port had and what it is to have.
     *
     * @param contested another port claims the same address and port, so the order of their rules counts; without that they
     *     go on top, where the nf_tables back end need not read the chain to find the place
     */
    void change(Optional<ServicePortRules> before, Optional<ServicePortRules> after, boolean contested) {
        growth = growth.plus(after.map(RuleTotals::of).orElse(RuleTotals.NONE))
                .minus(before.map(RuleTotals::of).orElse(RuleTotals.NONE));
        changeShared(
                before.map(ServicePortRules::filter),
                after.map(ServicePortRules::filter),
                filterDeletes,
                filterAppends);
        var natAdds = new ArrayList<PlacedRule>();
        changeShared(before.map(ServicePortRules::nat), after.map(ServicePortRules::nat), natDeletes, natAdds);
        for (var placed : natAdds) {
            boolean top = !contested && placed.chain().equals(Chains.SERVICES);
            (top ? natTops : natAppends).add(placed);
        }
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
        return filterDeletes.size() + filterAppends.size() + natDeletes.size() + natAppends.size() + natTops.size();
    }

    /** How many chains it writes or deletes: what the nf_tables back end's time grows with. */
    int chains() {
        return written.size() + deleted.size();
    }

    RuleTotals rulesWritten() {
        return new RuleTotals(
                filterAppends.size(),
                natAppends.size()
                        + natTops.size()
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
            add(sink, filterAppends);
            sink.commit();
        }
        if (!natDeletes.isEmpty() || !natAppends.isEmpty() || !natTops.isEmpty() || chains() > 0) {
            sink.table(Table.NAT);
            // In order: iptables keeps its list of chains sorted, and searches the place of each from the last one's.
            written.keySet().stream().sorted().forEach(sink::chain);
            deleted.forEach(sink::chain);
            delete(sink, natDeletes);
            appendToNat(sink);
            written.forEach((chain, rules) -> rules.forEach(rule -> sink.append(chain, rule)));
            deleted.forEach(sink::deleteChain);
            sink.commit();
        }
    }

    private void appendToNat(RestoreSink sink) {
        insert(sink, natTops);
        boolean passesTail =
                !onTop && natAppends.stream().anyMatch(placed -> placed.chain().equals(Chains.SERVICES));
        if (passesTail) {
            delete(sink, natTail);
        }
        add(sink, natAppends);
        if (passesTail) {
            RulesetScript.append(sink, natTail);
        }
    }

    private void add(RestoreSink sink, List<PlacedRule> rules) {
        if (onTop) {
            insert(sink, rules);
        } else {
            RulesetScript.append(sink, rules);
        }
    }

    private static void insert(RestoreSink sink, List<PlacedRule> rules) {
        rules.reversed().forEach(placed -> sink.insert(placed.chain(), placed.rule()));
    }

    private static void delete(RestoreSink sink, List<PlacedRule> rules) {
        for (var placed : rules) {
            sink.delete(placed.chain(), placed.rule());
        }
    }
}
