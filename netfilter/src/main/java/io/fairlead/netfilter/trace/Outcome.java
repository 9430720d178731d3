package io.fairlead.netfilter.trace;

import java.util.Optional;

/**
 * What becomes of a packet. Equal outcomes are the same to whoever sent it.
 *
 * @param translatedTo where DNAT has sent it
 * @param newSource what becomes of its source address; {@link NewSource.Kept} for a packet that does not get so far
 * @param reason for a refusal its kind ({@code icmp-port-unreachable}), for an unknown fate what is not known; else empty
 */
public record Outcome(Fate fate, Optional<Endpoint> translatedTo, NewSource newSource, String reason) {

    /** What happens to the source address. */
    public sealed interface NewSource {

        /** It stays. */
        record Kept() implements NewSource {}

        /** It becomes the address of the interface that the packet leaves through. */
        record Masqueraded() implements NewSource {}

        /**
         * It becomes another one.
         *
         * @param to as in the rule: an address, perhaps with a port, or a range
         */
        record Rewritten(String to) implements NewSource {}
    }

    public boolean masqueraded() {
        return newSource instanceof NewSource.Masqueraded;
    }

    /** {@code DNAT to 10.244.3.38:80, masqueraded}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        translatedTo.ifPresent(to -> text.append("DNAT to ").append(to));
        switch (newSource) {
            case NewSource.Kept _ -> {}
            case NewSource.Masqueraded _ -> append(text, "masqueraded");
            case NewSource.Rewritten(String to) -> append(text, "source rewritten to " + to);
        }
        switch (fate) {
            case SENT -> {
                if (translatedTo.isEmpty()) {
                    append(text, "sent on");
                }
            }
            case DELIVERED -> append(text, "delivered on this machine");
            case DROPPED -> append(text, "dropped");
            case REJECTED -> append(text, "rejected");
            case UNKNOWN -> append(text, "unknown");
        }
        return reason.isEmpty() ? text.toString() : text + " (" + reason + ")";
    }

    private static void append(StringBuilder text, String more) {
        text.append(text.isEmpty() ? "" : ", ").append(more);
    }
}
