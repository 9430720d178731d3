package io.fairlead.proxy.iptables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a shared chain should hold: groups of rules, each in order, the groups in any order, except that one group may have
 * to come last.
 */
final class SharedExpectation {

    /** Rules whose order among themselves counts: those of one Service port. */
    final class Group {

        private final List<Long> lines = new ArrayList<>(1);
        private int met;

        void add(String line) {
            long fingerprint = Expectation.extend(Expectation.EMPTY, line);
            lines.add(fingerprint);
            groups.computeIfAbsent(fingerprint, _ -> new ArrayList<>(1)).add(this);
            expected++;
        }
    }

    /** Two ports of a Service can have a rule in common: that of its health check. */
    private final Map<Long, List<Group>> groups = new HashMap<>();

    private final Group last = new Group();
    private int expected;
    private int met;
    private boolean inLast;

    Group newGroup() {
        return new Group();
    }

    Group last() {
        return last;
    }

    /** Takes the next line of the listed chain; false when it does not belong there. */
    boolean meets(String line) {
        long fingerprint = Expectation.extend(Expectation.EMPTY, line);
        for (var group : groups.getOrDefault(fingerprint, List.of())) {
            boolean due = group.met < group.lines.size() && group.lines.get(group.met) == fingerprint;
            if (due && (!inLast || group == last)) {
                inLast = group == last;
                group.met++;
                met++;
                return true;
            }
        }
        return false;
    }

    /** Every expected line has been met. */
    boolean complete() {
        return met == expected;
    }
}
