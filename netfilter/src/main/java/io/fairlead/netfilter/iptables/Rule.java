package io.fairlead.netfilter.iptables;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;
import java.util.Optional;

/**
 * One rule, apart from the chain it stands in.
 *
 * @param matches all must hold; in the order a restore line writes them
 * @param target absent for a rule that only counts or comments
 */
public record Rule(List<Match> matches, Optional<Target> target) {

    public Rule {
        matches = List.copyOf(matches);
    }

    public static Rule of(Target target, Match... matches) {
        return new Rule(List.of(matches), Optional.of(target));
    }

    /** The comment, when there is one. */
    public Optional<String> comment() {
        for (var match : matches) {
            if (match instanceof Match.Comment(String text)) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /**
     * The rule as the kernel of this family understands it: two rules do the same there, and delete each other with
     * {@code -D}, when their canonical forms are equal.
     */
    public Rule canonical(IpFamily family) {
        return Canonical.of(this, family);
    }
}
