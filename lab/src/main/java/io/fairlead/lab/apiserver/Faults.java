package io.fairlead.lab.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults that requests to come will meet; the first that fits a request is used. */
public final class Faults {

    private static final class Rule {
        final Predicate<RequestLine> which;
        final Fault fault;
        int left;

        Rule(Predicate<RequestLine> which, int times, Fault fault) {
            this.which = which;
            this.fault = fault;
            this.left = times;
        }
    }

    private final List<Rule> rules = new ArrayList<>();

    Faults() {}

    /** Until {@link #clear()}. See {@link RequestLine} for predicates. */
    public void always(Predicate<RequestLine> which, Fault fault) {
        times(Integer.MAX_VALUE, which, fault);
    }

    /** For the next requests that fit. */
    public synchronized void times(int count, Predicate<RequestLine> which, Fault fault) {
        rules.add(new Rule(which, count, fault));
    }

    public synchronized void clear() {
        rules.clear();
    }

    synchronized Optional<Fault> next(RequestLine line) {
        for (var rule : rules) {
            if (rule.left > 0 && rule.which.test(line)) {
                rule.left--;
                return Optional.of(rule.fault);
            }
        }
        return Optional.empty();
    }
}
