package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A table inside a transaction. Costs one copy of the chain index and a copy of each chain that is touched.
 *
 * <p>Throws {@link KernelRefusal} with the reason when the kernel would refuse an operation.
 */
final class TableDraft {

    private final IpFamily family;
    private final Table table;
    private final Map<String, Target.Verdict> policies;
    private final TreeMap<String, List<Rule>> chains;
    private final Map<String, Integer> references;
    private final Map<String, List<Rule>> touched = new HashMap<>();
    /** Chains that this transaction jumps to. */
    private final Set<String> jumpedTo = new HashSet<>();

    TableDraft(IpFamily family, Table table, TableImage image) {
        this.family = family;
        this.table = table;
        this.policies = new HashMap<>(image.policies());
        this.chains = new TreeMap<>(image.chains());
        this.references = new HashMap<>(image.references());
    }

    void policy(String chain, Target.Verdict policy) {
        if (policies.containsKey(chain)) {
            policies.put(chain, policy);
        }
    }

    /** Makes the chain, or empties it. A built-in chain keeps its rules: that is what {@code --noflush} does. */
    void declare(String chain) {
        if (policies.containsKey(chain)) {
            return;
        }
        if (chains.containsKey(chain)) {
            var rules = touch(chain);
            rules.forEach(rule -> refer(rule, -1));
            rules.clear();
        } else {
            chains.put(chain, List.of());
        }
    }

    void append(String chain, Rule rule) {
        insert(chain, touch(chain).size() + 1, rule);
    }

    /** @param position 1 is the top */
    void insert(String chain, int position, Rule rule) {
        var canonical = rule.canonical(family);
        var rules = touch(chain);
        if (position > rules.size() + 1) {
            throw new KernelRefusal("chain " + chain + " is too short for an insertion at " + position);
        }
        rules.add(position - 1, canonical);
        refer(canonical, 1);
    }

    void delete(String chain, Rule rule) {
        var canonical = rule.canonical(family);
        if (!touch(chain).remove(canonical)) {
            throw new KernelRefusal(
                    "chain " + chain + " has no such rule: " + new SavePrinter(family).line(chain, canonical));
        }
        refer(canonical, -1);
    }

    void deleteChain(String chain) {
        if (policies.containsKey(chain)) {
            throw new KernelRefusal("chain " + chain + " is built in and cannot be deleted");
        }
        if (!touch(chain).isEmpty()) {
            throw new KernelRefusal("chain " + chain + " is not empty and cannot be deleted");
        }
        if (references.getOrDefault(chain, 0) > 0) {
            throw new KernelRefusal("chain " + chain + " is still in use and cannot be deleted");
        }
        touched.remove(chain);
        chains.remove(chain);
    }

    /** Refuses jumps into nowhere that this transaction has made. */
    void requireTargets() {
        for (var chain : jumpedTo) {
            if (references.containsKey(chain) && !chains.containsKey(chain)) {
                throw new KernelRefusal("a rule jumps to chain " + chain + ", which does not exist");
            }
        }
    }

    TableImage image() {
        touched.forEach((chain, rules) -> chains.put(chain, List.copyOf(rules)));
        return new TableImage(policies, chains, references);
    }

    private List<Rule> touch(String chain) {
        var open = touched.get(chain);
        if (open != null) {
            return open;
        }
        var rules = Optional.ofNullable(chains.get(chain))
                .orElseThrow(() -> new KernelRefusal("table " + table + " has no chain " + chain));
        var copy = new ArrayList<Rule>(rules);
        touched.put(chain, copy);
        return copy;
    }

    private void refer(Rule rule, int by) {
        rule.target().flatMap(TableDraft::chainOf).ifPresent(chain -> {
            references.merge(chain, by, (before, change) -> before + change == 0 ? null : before + change);
            if (by > 0) {
                jumpedTo.add(chain);
            }
        });
    }

    private static Optional<String> chainOf(Target target) {
        return switch (target) {
            case Target.Jump(String chain) -> Optional.of(chain);
            case Target.Goto(String chain) -> Optional.of(chain);
            default -> Optional.empty();
        };
    }
}
