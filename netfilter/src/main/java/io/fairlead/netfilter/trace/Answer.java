package io.fairlead.netfilter.trace;

/** Whether a condition holds. */
sealed interface Answer {

    enum Certain implements Answer {
        YES,
        NO
    }

    /** By chance. */
    record Chance(Fraction probability) implements Answer {}

    /**
     * It depends on something that is not known.
     *
     * @param event what that is, in words; assumed not to be the case
     * @param holdsWithout whether the condition holds when the event is not the case
     */
    record Depends(String event, boolean holdsWithout) implements Answer {}

    static Answer of(boolean holds) {
        return holds ? Certain.YES : Certain.NO;
    }

    /** The answer to the negated condition. */
    default Answer negatedIf(boolean negated) {
        if (!negated) {
            return this;
        }
        return switch (this) {
            case Certain certain -> of(certain == Certain.NO);
            case Chance(var probability) -> new Chance(probability.complement());
            case Depends(var event, boolean holdsWithout) -> new Depends(event, !holdsWithout);
        };
    }
}
