package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowCounts;
import io.fairlead.proxy.routing.RoutingTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adds up what flows carry, by endpoint. It is told of flows that come and go, and between {@link #beginListing} and {@link
 * #endListing} of all that there are. Sums never become smaller, whatever comes in which order.
 *
 * <p>At most {@code limit} endpoints are counted one by one. Those that come when so many are there, and those that had to make
 * room because they are gone, are counted together.
 */
final class TrafficTally {

    /** The sums of one endpoint, or of all others. */
    private static final class Sum {
        private long connections;
        private FlowCounts counts = FlowCounts.NONE;
        private int open;

        private void add(Sum other) {
            connections += other.connections;
            counts = plus(counts, other.counts, FlowCounts.NONE);
        }
    }

    /** A flow that is open. */
    private static final class Open {
        private final Sum sum;
        private FlowCounts counted = FlowCounts.NONE;
        private int listing;

        private Open(Sum sum, int listing) {
            this.sum = sum;
            this.listing = listing;
        }

        /** What has come since is added; a kernel that does not count any more says 0. */
        private void carried(FlowCounts now) {
            sum.counts = plus(sum.counts, now, counted);
            counted = now.packets() + now.replyPackets() == 0 ? counted : now;
        }
    }

    private final int limit;
    private final Instant since;
    private final Map<ServiceFlows.Target, Sum> sums = new HashMap<>();
    private final Sum others = new Sum();
    private final Map<Integer, Open> open = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>();
    private List<RoutingTable> tables = List.of();
    private Optional<ServiceFlows> flows = Optional.empty();
    private int listing;
    private long lost;

    TrafficTally(int limit, Instant since) {
        this.limit = limit;
        this.since = since;
    }

    /** Flows go by these from now on. The same tables, as an unchanged routing is, are not read again. */
    @SuppressWarnings("ReferenceEquality")
    void routing(Collection<RoutingTable> applied) {
        boolean same = applied.size() == tables.size();
        int i = 0;
        for (var table : applied) {
            same = same && tables.get(i++) == table;
        }
        if (!same) {
            tables = List.copyOf(applied);
            flows = Optional.empty();
        }
    }

    void created(ConntrackFlow flow) {
        open(flow);
    }

    /** The last that is heard of a flow. */
    void destroyed(ConntrackFlow flow) {
        var known = Optional.ofNullable(open.get(flow.id())).or(() -> open(flow));
        known.ifPresent(it -> {
            it.carried(flow.counts());
            close(flow.id());
        });
        ended.add(flow.id());
    }

    void lost() {
        lost++;
    }

    /** All flows will be named that are there. Those that are told to have ended before this and were still named are over. */
    void beginListing() {
        listing++;
    }

    void listed(ConntrackFlow flow) {
        if (ended.contains(flow.id())) {
            return;
        }
        Optional.ofNullable(open.get(flow.id())).or(() -> open(flow)).ifPresent(it -> {
            it.listing = listing;
            it.carried(flow.counts());
        });
    }

    /** @param complete what was not named is gone */
    void endListing(boolean complete) {
        if (complete) {
            var gone = new ArrayList<Integer>();
            open.forEach((id, flow) -> {
                if (flow.listing < listing) {
                    gone.add(id);
                }
            });
            gone.forEach(this::close);
        }
        forgetEnded();
    }

    /** Ends that were told long enough before a listing cannot be in it any more. */
    void forgetEnded() {
        ended.clear();
    }

    private Optional<Open> open(ConntrackFlow flow) {
        if (flows.isEmpty()) {
            flows = Optional.of(new ServiceFlows(tables));
        }
        return flows.get().target(flow).map(target -> {
            close(flow.id());
            var sum = sum(target);
            sum.connections++;
            sum.open++;
            var opened = new Open(sum, listing);
            open.put(flow.id(), opened);
            return opened;
        });
    }

    private void close(int id) {
        var closed = open.remove(id);
        if (closed != null) {
            closed.sum.open--;
        }
    }

    private Sum sum(ServiceFlows.Target target) {
        var known = sums.get(target);
        if (known != null) {
            return known;
        }
        if (sums.size() >= limit) {
            makeRoom();
        }
        if (sums.size() >= limit) {
            return others;
        }
        var sum = new Sum();
        sums.put(target, sum);
        return sum;
    }

    private void makeRoom() {
        sums.entrySet().removeIf(entry -> {
            boolean over = entry.getValue().open == 0 && !ServiceFlows.isIn(tables, entry.getKey());
            if (over) {
                others.add(entry.getValue());
            }
            return over;
        });
    }

    TrafficReport report() {
        var endpoints = new ArrayList<EndpointTraffic>(sums.size());
        sums.forEach((target, sum) ->
                endpoints.add(new EndpointTraffic(target.port(), target.text(), sum.connections, sum.counts)));
        return new TrafficReport(since, endpoints, others.connections, others.counts, lost);
    }

    /** Only ever more. */
    private static FlowCounts plus(FlowCounts sum, FlowCounts now, FlowCounts before) {
        return new FlowCounts(
                sum.packets() + Math.max(0, now.packets() - before.packets()),
                sum.bytes() + Math.max(0, now.bytes() - before.bytes()),
                sum.replyPackets() + Math.max(0, now.replyPackets() - before.replyPackets()),
                sum.replyBytes() + Math.max(0, now.replyBytes() - before.replyBytes()));
    }
}
