package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import java.util.List;

/**
 * What a Service port would have a place say, if it owns it.
 *
 * @param entries at most one for each set; all have the place's key
 * @param cluster whether the place leads to the endpoints of policy Cluster by index
 * @param local whether it leads to those of policy Local
 */
record Claim(Place place, List<Entry> entries, boolean cluster, boolean local) {

    Claim {
        entries = List.copyOf(entries);
    }

    /** An element and the name of its set. */
    record Entry(String set, Element element) {}
}
