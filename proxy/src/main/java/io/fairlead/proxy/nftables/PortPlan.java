package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.NftSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * All that one Service port wants of the table, apart from which endpoint has which index.
 *
 * @param claims by their place; not copied
 * @param shapes shared chains, those that they lead to included
 * @param chains its own, those jumped to before those that jump
 * @param sets its own
 */
record PortPlan(SequencedMap<Place, Claim> claims, Set<Shape> shapes, List<ChainPlan> chains, List<NftSet> sets) {

    static final PortPlan NOTHING = new PortPlan(new LinkedHashMap<>(), Set.of(), List.of(), List.of());

    PortPlan {
        claims = Collections.unmodifiableSequencedMap(claims);
        shapes = Set.copyOf(shapes);
        chains = List.copyOf(chains);
        sets = List.copyOf(sets);
    }
}
