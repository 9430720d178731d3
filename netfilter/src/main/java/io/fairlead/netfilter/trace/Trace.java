package io.fairlead.netfilter.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * All ways that a packet can go.
 *
 * @param root where every way begins; its share is 1
 * @param assumptions what was assumed not to be so on the ways that {@link #outcomes} counts, in words
 */
public record Trace(Packet packet, Branch root, List<String> assumptions) {

    public Trace {
        assumptions = List.copyOf(assumptions);
    }

    /** A way that is taken if something holds that was assumed not to. */
    public record Alternative(String condition, SequencedMap<Outcome, Fraction> outcomes) {}

    /** Every outcome with its probability, in the order of the rules. The sum is 1. */
    public SequencedMap<Outcome, Fraction> outcomes() {
        return root.outcomes();
    }

    /** What might happen besides, because something about the packet or the machine is not known. */
    public List<Alternative> alternatives() {
        var found = new ArrayList<Alternative>();
        alternatives(root, found);
        return List.copyOf(found);
    }

    private static void alternatives(Branch branch, List<Alternative> found) {
        for (var choice : branch.choices()) {
            choice.condition()
                    .ifPresentOrElse(
                            condition -> found.add(new Alternative(condition, choice.outcomes())),
                            () -> alternatives(choice, found));
        }
    }
}
