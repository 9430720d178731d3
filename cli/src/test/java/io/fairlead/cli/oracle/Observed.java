package io.fairlead.cli.oracle;

import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.trace.Endpoint;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.Packet;
import java.util.Optional;

/**
 * What can be seen from outside of a packet's fate. A packet that does not get through shows nothing else; whether one was
 * delivered or sent on is not told apart.
 */
record Observed(Kind kind, Optional<Endpoint> translatedTo, boolean sourceRewritten) {

    enum Kind {
        THROUGH,
        REJECTED,
        DROPPED,
        UNKNOWN
    }

    static final Observed REJECTED = new Observed(Kind.REJECTED, Optional.empty(), false);
    static final Observed UNTRACKED = new Observed(Kind.THROUGH, Optional.empty(), false);
    static final Observed DROPPED = new Observed(Kind.DROPPED, Optional.empty(), false);

    static Observed of(ConntrackFlow flow) {
        return new Observed(
                Kind.THROUGH,
                flow.destinationTranslated()
                        ? Optional.of(
                                new Endpoint(flow.reply().source(), flow.reply().sourcePort()))
                        : Optional.empty(),
                !flow.reply().destination().equals(flow.original().source())
                        && !isNodes(flow.original().source()));
    }

    /** Masquerading an address of the node itself changes nothing that need be seen. */
    private static boolean isNodes(IpAddress source) {
        return OracleLab.host().isLocal(source);
    }

    static Observed of(Outcome outcome, Packet packet) {
        return switch (outcome.fate()) {
            case REJECTED -> REJECTED;
            case DROPPED -> DROPPED;
            case UNKNOWN -> new Observed(Kind.UNKNOWN, Optional.empty(), false);
            case SENT, DELIVERED ->
                new Observed(
                        Kind.THROUGH,
                        outcome.translatedTo().filter(to -> !to.equals(packet.destination())),
                        !(outcome.newSource() instanceof Outcome.NewSource.Kept)
                                && !isNodes(packet.source().address()));
        };
    }
}
