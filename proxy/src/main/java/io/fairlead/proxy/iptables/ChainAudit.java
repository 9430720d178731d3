package io.fairlead.proxy.iptables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What one chain should hold against what it holds, rule by rule. */
final class ChainAudit {

    /** An expected rule. The order of rules counts within a group; a last one comes after all others. */
    private record Expected(String text, Optional<NamespacedName> service, Object group, boolean last) {}

    /** @param raw as listed; {@code text} is the same in our own words */
    private record Found(String raw, String text) {}

    /** Above so many rules that are not as expected, nobody wants to know which one was made from which. */
    private static final int PAIRED = 200;

    private static final Pattern COMMENT =
            Pattern.compile("--comment \"?([a-z0-9.-]{1,253})/([a-z0-9.-]{1,253})[\": ].*");

    private final SharedChain where;
    private final boolean stale;
    private final List<Expected> expected = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private Optional<NamespacedName> owner = Optional.empty();

    ChainAudit(SharedChain where) {
        this(where, false);
    }

    private ChainAudit(SharedChain where, boolean stale) {
        this.where = where;
        this.stale = stale;
    }

    /** A chain that should not be there. */
    static ChainAudit stale(SharedChain where) {
        return new ChainAudit(where, true);
    }

    void belongsTo(NamespacedName service) {
        owner = Optional.of(service);
    }

    void expect(String text, Optional<NamespacedName> service, Object group, boolean last) {
        expected.add(new Expected(text, service, group, last));
    }

    void found(String raw, String text) {
        found.add(new Found(raw, text));
    }

    /** The Service whose chain it is, or the one that a comment in it names. */
    Optional<NamespacedName> likelyService() {
        return owner.or(
                () -> found.stream().flatMap(rule -> named(rule.raw()).stream()).findFirst());
    }

    void report(Consumer<Finding> findings) {
        if (stale) {
            found.forEach(rule -> findings.accept(surplus(Finding.Kind.STALE, rule.raw())));
            return;
        }
        var wanted = new HashMap<String, Integer>();
        expected.forEach(rule -> wanted.merge(rule.text(), 1, Integer::sum));
        var left = new HashMap<>(wanted);
        var foreign = new ArrayList<Found>();
        var right = new ArrayList<String>();
        for (var rule : found) {
            if (left.merge(rule.text(), -1, Integer::sum) >= 0) {
                right.add(rule.text());
            } else if (wanted.containsKey(rule.text())) {
                findings.accept(surplus(Finding.Kind.DUPLICATE, rule.raw()));
            } else {
                foreign.add(rule);
            }
        }
        boolean whole = reportMissing(left, foreign, findings);
        foreign.forEach(rule -> findings.accept(surplus(Finding.Kind.FOREIGN, rule.raw())));
        if (whole) {
            reportOrder(right, findings);
        }
    }

    /** @return whether all that is expected is there */
    private boolean reportMissing(Map<String, Integer> left, List<Found> foreign, Consumer<Finding> findings) {
        var missing = new ArrayList<Expected>();
        for (var rule : expected) {
            if (left.getOrDefault(rule.text(), 0) > 0) {
                left.merge(rule.text(), -1, Integer::sum);
                missing.add(rule);
            }
        }
        boolean pairs = missing.size() <= PAIRED && foreign.size() <= PAIRED;
        for (var rule : missing) {
            var similar = pairs ? mostSimilar(rule.text(), foreign) : Optional.<Found>empty();
            similar.ifPresent(foreign::remove);
            findings.accept(
                    similar.map(other -> Finding.altered(where.toString(), rule.service(), rule.text(), other.raw()))
                            .orElseGet(() -> Finding.missing(where.toString(), rule.service(), rule.text())));
        }
        return missing.isEmpty();
    }

    /** The rule that shares the most words with this one, if it shares more than half of them. */
    private static Optional<Found> mostSimilar(String text, List<Found> candidates) {
        var words = List.of(text.split(" ", -1));
        int most = words.size() / 2;
        Optional<Found> best = Optional.empty();
        for (var candidate : candidates) {
            var left = new ArrayList<>(List.of(candidate.text().split(" ", -1)));
            int shared = (int) words.stream().filter(left::remove).count();
            if (shared > most) {
                most = shared;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    private void reportOrder(List<String> right, Consumer<Finding> findings) {
        var due = new HashMap<Object, ArrayDeque<Expected>>();
        var byText = new HashMap<String, List<Expected>>();
        for (var rule : expected) {
            due.computeIfAbsent(rule.group(), _ -> new ArrayDeque<>()).add(rule);
            byText.computeIfAbsent(rule.text(), _ -> new ArrayList<>(1)).add(rule);
        }
        boolean inLast = false;
        for (var text : right) {
            boolean afterLast = inLast;
            var rules = byText.getOrDefault(text, List.of());
            var met = rules.stream()
                    .filter(rule -> rule.last() || !afterLast)
                    .filter(rule -> isNext(rule, due.getOrDefault(rule.group(), new ArrayDeque<>())))
                    .findFirst();
            if (met.isEmpty()) {
                findings.accept(
                        Finding.misplaced(where.toString(), rules.getFirst().service(), text));
                return;
            }
            due.getOrDefault(met.get().group(), new ArrayDeque<>()).poll();
            inLast |= met.get().last();
        }
    }

    private static boolean isNext(Expected rule, ArrayDeque<Expected> due) {
        return !due.isEmpty() && due.peek().text().equals(rule.text());
    }

    private Finding surplus(Finding.Kind kind, String raw) {
        return Finding.surplus(kind, where.toString(), named(raw).or(() -> owner), raw);
    }

    private static Optional<NamespacedName> named(String rule) {
        int at = rule.indexOf("--comment ");
        if (at < 0) {
            return Optional.empty();
        }
        var comment = COMMENT.matcher(rule.substring(at));
        return comment.lookingAt()
                ? Optional.of(new NamespacedName(comment.group(1), comment.group(2)))
                : Optional.empty();
    }
}
