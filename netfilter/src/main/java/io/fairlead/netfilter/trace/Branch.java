package io.fairlead.netfilter.trace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A stretch of a packet's way without a choice, and what follows: the end, or a choice.
 *
 * @param share of the branch that it belongs to; the shares of {@link #choices} add up to 1 without the alternatives, whose
 *     share is 0
 * @param condition for an alternative what would have to be the case, in words; else empty
 * @param end present when {@link #choices} is empty, and only then
 */
public record Branch(
        Fraction share, Optional<String> condition, List<Step> steps, List<Branch> choices, Optional<Outcome> end) {

    public Branch {
        steps = List.copyOf(steps);
        choices = List.copyOf(choices);
        if (choices.isEmpty() != end.isPresent()) {
            throw new IllegalArgumentException("a branch has either choices or an end");
        }
    }

    /** Every outcome with its probability once this branch has been taken, without alternatives. The sum is 1. */
    public SequencedMap<Outcome, Fraction> outcomes() {
        var sums = new LinkedHashMap<Outcome, Fraction>();
        add(this, Fraction.ONE, sums);
        return sums;
    }

    private static void add(Branch branch, Fraction share, Map<Outcome, Fraction> sums) {
        branch.end().ifPresent(outcome -> sums.merge(outcome, share, Fraction::plus));
        for (var choice : branch.choices()) {
            if (choice.condition().isEmpty()) {
                add(choice, share.times(choice.share()), sums);
            }
        }
    }
}
