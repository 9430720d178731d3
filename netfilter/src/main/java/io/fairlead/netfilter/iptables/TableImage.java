package io.fairlead.netfilter.iptables;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One table at one moment.
 *
 * @param policies of the built-in chains
 * @param chains canonical rules by chain: built-in chains first, then by name, as they are listed
 * @param references how many rules jump to a chain
 */
record TableImage(
        Map<String, Target.Verdict> policies, SortedMap<String, List<Rule>> chains, Map<String, Integer> references) {

    TableImage {
        policies = Map.copyOf(policies);
        chains = Collections.unmodifiableSortedMap(chains);
        references = Collections.unmodifiableMap(references);
    }

    static TableImage empty(Table table) {
        var builtin = BuiltinChains.of(table);
        var policies = new TreeMap<String, Target.Verdict>();
        var chains = new TreeMap<String, List<Rule>>(order(table));
        for (var chain : builtin) {
            policies.put(chain, Target.Verdict.ACCEPT);
            chains.put(chain, List.of());
        }
        return new TableImage(policies, chains, Map.of());
    }

    private static Comparator<String> order(Table table) {
        var builtin = BuiltinChains.of(table);
        return Comparator.<String>comparingInt(chain -> {
                    int index = builtin.indexOf(chain);
                    return index < 0 ? builtin.size() : index;
                })
                .thenComparing(Comparator.naturalOrder());
    }
}
