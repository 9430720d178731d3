package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import java.util.Map;
import java.util.Set;

/**
 * What others did to a table, by name: where to look, not what is there now.
 *
 * @param everything whether no less than the whole table must be looked at; then the rest says nothing
 * @param objects chains, also those with other rules, and sets that belong to chains
 * @param elements keys of elements by set
 */
record Disturbance(boolean everything, Set<String> objects, Map<String, Set<Data>> elements) {

    static final Disturbance NONE = new Disturbance(false, Set.of(), Map.of());
    static final Disturbance OF_EVERYTHING = new Disturbance(true, Set.of(), Map.of());

    Disturbance {
        objects = Set.copyOf(objects);
        elements = Map.copyOf(elements);
    }

    boolean isNone() {
        return equals(NONE);
    }
}
