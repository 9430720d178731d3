package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Value;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** What the kernel's maps of endpoints say of one Service port. */
final class PortScan {

    /** Elements of one place in one map, by index; of those that are wrong what they say, for they are few. */
    record Found(BitSet right, Map<Integer, Value> wrong) {

        static final Found NOTHING = new Found(new BitSet(), Map.of());
    }

    private record Where(Place place, boolean local) {}

    private final PortPlan plan;
    private final Slots cluster;
    private final Slots local;
    private final Map<Where, Found> found = new HashMap<>();

    PortScan(ServiceRouting routing, PortPlan plan) {
        this.plan = plan;
        cluster = new Slots(routing.endpoints().cluster());
        local = new Slots(routing.endpoints().local());
    }

    /**
     * Sees an element.
     *
     * @return false when there is to be none with this key
     */
    boolean see(Place place, boolean ofLocal, int index, Value value) {
        var claim = plan.claims().get(place);
        var slots = ofLocal ? local : cluster;
        if (claim == null || !(ofLocal ? claim.local() : claim.cluster()) || index < 0 || index >= slots.size()) {
            return false;
        }
        var seen = found.computeIfAbsent(
                new Where(place, ofLocal), _ -> new Found(new BitSet(slots.size()), new HashMap<>(0)));
        if (slots.see(index, value)) {
            seen.right().set(index);
        } else {
            seen.wrong().put(index, value);
        }
        return true;
    }

    Found found(Place place, boolean ofLocal) {
        return found.getOrDefault(new Where(place, ofLocal), Found.NOTHING);
    }

    Placement placement() {
        return new Placement(cluster.filled(), local.filled());
    }
}
