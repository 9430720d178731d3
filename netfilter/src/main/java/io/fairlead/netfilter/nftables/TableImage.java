package io.fairlead.netfilter.nftables;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A table with all that is in it: what is wanted, or what the kernel has. Sets that belong to a rule are in the rule.
 *
 * @param chains by name, in the order of their creation
 * @param rules by the name of their chain, in order; a chain without rules has an empty list or none
 * @param sets by name, in the order of their creation
 * @param elements by the name of their set; a set without elements has an empty list or none
 */
public record TableImage(
        Table table,
        SequencedMap<String, Chain> chains,
        Map<String, List<Rule>> rules,
        SequencedMap<String, NftSet> sets,
        Map<String, List<Element>> elements) {

    public List<Rule> rulesOf(String chain) {
        return rules.getOrDefault(chain, List.of());
    }

    public List<Element> elementsOf(String set) {
        return elements.getOrDefault(set, List.of());
    }

    public Optional<Chain> chain(String name) {
        return Optional.ofNullable(chains.get(name));
    }

    public Optional<NftSet> set(String name) {
        return Optional.ofNullable(sets.get(name));
    }
}
