package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.netfilter.trace.Trace;
import io.fairlead.netfilter.trace.Tracer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What sender and endpoint notice of a packet's fate. A packet that does not get through has neither endpoint nor source. */
record PacketFate(Kind kind, Optional<Endpoint> endpoint, boolean masqueraded) {

    enum Kind {
        THROUGH,
        REJECTED,
        DROPPED,
        UNKNOWN
    }

    static final PacketFate UNTOUCHED = new PacketFate(Kind.THROUGH, Optional.empty(), false);
    static final PacketFate REJECTED = new PacketFate(Kind.REJECTED, Optional.empty(), false);
    static final PacketFate DROPPED = new PacketFate(Kind.DROPPED, Optional.empty(), false);

    /**
     * All fates of a packet.
     *
     * @param shares of a client that is seen for the first time; they sum to 1
     * @param returning fates of clients that were seen before
     */
    record Distribution(Map<PacketFate, Double> shares, Set<PacketFate> returning) {

        /** iptables keeps a probability in units of 2⁻³¹, once for each endpoint. */
        private static final double PRECISION = 1e-6;

        static Distribution of(Tracer tracer, Packet packet) {
            Trace trace = tracer.trace(packet);
            var shares = new HashMap<PacketFate, Double>();
            trace.outcomes()
                    .forEach((outcome, share) -> shares.merge(PacketFate.of(outcome), share.toDouble(), Double::sum));
            var returning = new HashSet<PacketFate>();
            trace.alternatives()
                    .forEach(alternative ->
                            alternative.outcomes().keySet().forEach(outcome -> returning.add(PacketFate.of(outcome))));
            return new Distribution(shares, returning);
        }

        /** As if a Pod that reaches itself kept its address. */
        Distribution withoutHairpin(IpAddress source) {
            var kept = new HashMap<PacketFate, Double>();
            shares.forEach((fate, share) -> kept.merge(fate.withoutHairpin(source), share, Double::sum));
            var keptReturning = new HashSet<PacketFate>();
            returning.forEach(fate -> keptReturning.add(fate.withoutHairpin(source)));
            return new Distribution(kept, keptReturning);
        }

        boolean isOnly(PacketFate fate) {
            return shares.keySet().equals(Set.of(fate));
        }

        boolean agreesWith(Distribution other) {
            return shares.keySet().equals(other.shares.keySet())
                    && returning.equals(other.returning)
                    && shares.entrySet().stream()
                            .allMatch(
                                    share -> Math.abs(share.getValue() - other.shares.get(share.getKey())) < PRECISION);
        }
    }

    /** {@code THROUGH to 10.244.0.5:53, masqueraded}. */
    @Override
    public String toString() {
        return kind + endpoint.map(to -> " to " + to).orElse("") + (masqueraded ? ", masqueraded" : "");
    }

    private PacketFate withoutHairpin(IpAddress source) {
        return endpoint.filter(to -> to.address().equals(source)).isPresent()
                ? new PacketFate(kind, endpoint, false)
                : this;
    }

    static PacketFate of(Outcome outcome) {
        return switch (outcome.fate()) {
            case REJECTED -> REJECTED;
            case DROPPED -> DROPPED;
            case UNKNOWN -> new PacketFate(Kind.UNKNOWN, Optional.empty(), false);
            case SENT, DELIVERED -> new PacketFate(Kind.THROUGH, outcome.translatedTo(), outcome.masqueraded());
        };
    }
}
