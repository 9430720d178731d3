package io.fairlead.netfilter.trace;

import java.util.ArrayList;
import java.util.List;

/** The conditions of one rule put together, and the forks that they make. */
final class Question {

    private Fraction chance = Fraction.ONE;
    private final List<Answer.Depends> without = new ArrayList<>();
    private final List<Answer.Depends> with = new ArrayList<>();

    /** @return false as soon as the rule cannot hold */
    boolean and(Answer answer, Walk walk) {
        switch (answer) {
            case Answer.Certain certain -> {
                return certain == Answer.Certain.YES;
            }
            case Answer.Chance(var probability) -> chance = chance.times(probability);
            case Answer.Depends depends -> {
                var decided = walk.events.get(depends.event());
                if (decided != null || walk.alternative) {
                    boolean happens = decided != null && decided;
                    return depends.holdsWithout() != happens;
                }
                (depends.holdsWithout() ? without : with).add(depends);
            }
        }
        return !chance.isZero();
    }

    /** Whether the rule holds for certain. */
    boolean isCertain() {
        return chance.isOne() && without.isEmpty() && with.isEmpty();
    }

    /**
     * Splits the walk into those in which the rule holds and those in which it does not.
     *
     * @return the walk for which the rule holds: the given one, or another one while the given one goes on behind the rule
     */
    Walk decide(Walk walk, Traversal traversal) {
        if (!with.isEmpty()) {
            with.forEach(each -> traversal.assume(walk, each.event()));
            var other = traversal.alternative(walk, join(with, " and "));
            with.forEach(each -> other.events.put(each.event(), true));
            if (with.size() == 1) {
                walk.events.put(with.getFirst().event(), false);
            }
            return other;
        }
        if (!without.isEmpty()) {
            without.forEach(each -> traversal.assume(walk, each.event()));
            var other = traversal.alternative(walk, join(without, " or "));
            other.events.put(without.getFirst().event(), true);
            without.forEach(each -> walk.events.put(each.event(), false));
        }
        return chance.isOne() ? walk : traversal.fork(walk, chance);
    }

    private static String join(List<Answer.Depends> answers, String word) {
        return String.join(word, answers.stream().map(Answer.Depends::event).toList());
    }
}
