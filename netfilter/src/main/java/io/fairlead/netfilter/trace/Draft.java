package io.fairlead.netfilter.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Branch} in the making. */
final class Draft {

    private final @Nullable Draft parent;
    private final int depth;
    private Fraction share;
    private final Optional<String> condition;
    private final List<Step> steps = new ArrayList<>();
    private final List<Draft> choices = new ArrayList<>();
    private Optional<Outcome> end = Optional.empty();

    private Draft(@Nullable Draft parent, Fraction share, Optional<String> condition) {
        this.parent = parent;
        this.depth = parent == null ? 0 : parent.depth + 1;
        this.share = share;
        this.condition = condition;
    }

    static Draft root() {
        return new Draft(null, Fraction.ONE, Optional.empty());
    }

    /** Choices above this one. */
    int depth() {
        return depth;
    }

    void add(Step step) {
        steps.add(step);
    }

    void end(Outcome outcome) {
        end = Optional.of(outcome);
    }

    /** Two ways on from here. */
    record Fork(Draft taken, Draft rest) {}

    /** A random choice. Where nothing has happened since the last one, both ways are choices of that. */
    Fork fork(Fraction probability) {
        if (steps.isEmpty() && parent != null && condition.isEmpty() && !parent.endsInAlternative()) {
            var taken = new Draft(parent, share.times(probability), Optional.empty());
            parent.choices.add(parent.choices.lastIndexOf(this), taken);
            share = share.times(probability.complement());
            return new Fork(taken, this);
        }
        return new Fork(choice(probability, Optional.empty()), choice(probability.complement(), Optional.empty()));
    }

    /** The way that is assumed, and the one that is taken otherwise. */
    Fork alternative(String newCondition) {
        var assumed = choice(Fraction.ONE, Optional.empty());
        return new Fork(choice(Fraction.ZERO, Optional.of(newCondition)), assumed);
    }

    private boolean endsInAlternative() {
        return choices.getLast().condition.isPresent();
    }

    private Draft choice(Fraction newShare, Optional<String> newCondition) {
        var choice = new Draft(this, newShare, newCondition);
        choices.add(choice);
        return choice;
    }

    /** The finished branch. An alternative that leads to the same outcomes as what is assumed is left out. */
    Branch freeze() {
        var frozen = new ArrayList<Branch>(choices.size());
        for (var choice : choices) {
            frozen.add(choice.freeze());
        }
        if (!choices.isEmpty() && endsInAlternative()) {
            var assumed = frozen.getFirst();
            if (assumed.outcomes().equals(frozen.getLast().outcomes())) {
                var all = new ArrayList<>(steps);
                all.addAll(assumed.steps());
                return new Branch(share, condition, all, assumed.choices(), assumed.end());
            }
        }
        return new Branch(share, condition, steps, frozen, end);
    }
}
