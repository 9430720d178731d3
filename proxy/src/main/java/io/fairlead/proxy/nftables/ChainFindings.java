package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the rules of one chain should be against what they are. The order of rules counts. */
final class ChainFindings {

    /** So large a product of lengths is compared: nobody reads more. */
    private static final long COMPARED = 4_000_000;

    private final String place;
    private final Optional<NamespacedName> service;
    private final Family family;
    private final Consumer<Finding> findings;

    /** @param service whose chain it is, where it is one Service's */
    ChainFindings(String chain, Optional<NamespacedName> service, Family family, Consumer<Finding> findings) {
        place = "chain " + chain;
        this.service = service;
        this.family = family;
        this.findings = findings;
    }

    /**
     * Names every difference: of rules that are the same in both but in another order, those that stand out of line; of the
     * others, what stands in the same gap between rules that are right is one that was made from the other.
     */
    void report(List<Rule> expected, List<Rule> found) {
        if ((long) expected.size() * found.size() > COMPARED) {
            findings.accept(Finding.altered(
                    place, service, expected.size() + " rules", found.size() + " rules, not all the same"));
            return;
        }
        var gaps = gaps(expected, found);
        for (var gap : gaps) {
            var unexplained = new ArrayList<Rule>();
            for (var rule : gap.found()) {
                if (takeStrayed(rule, gaps)) {
                    findings.accept(Finding.misplaced(place, service, text(rule)));
                } else if (expected.contains(rule)) {
                    findings.accept(Finding.surplus(Finding.Kind.DUPLICATE, place, service, text(rule)));
                } else {
                    unexplained.add(rule);
                }
            }
            gap.found().clear();
            gap.found().addAll(unexplained);
        }
        gaps.forEach(this::report);
    }

    /** Whether the rule is one that is expected elsewhere and was not found there. */
    private static boolean takeStrayed(Rule rule, List<Gap> gaps) {
        for (var gap : gaps) {
            if (gap.expected().remove(rule)) {
                return true;
            }
        }
        return false;
    }

    private void report(Gap gap) {
        for (int i = 0; i < gap.expected().size(); i++) {
            var wanted = text(gap.expected().get(i));
            findings.accept(
                    i < gap.found().size()
                            ? Finding.altered(
                                    place, service, wanted, text(gap.found().get(i)))
                            : Finding.missing(place, service, wanted));
        }
        for (int i = gap.expected().size(); i < gap.found().size(); i++) {
            findings.accept(Finding.surplus(
                    Finding.Kind.FOREIGN, place, service, text(gap.found().get(i))));
        }
    }

    /** What stands between two rules that are right. */
    private record Gap(List<Rule> expected, List<Rule> found) {

        static Gap empty() {
            return new Gap(new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Along a longest common subsequence. */
    private static List<Gap> gaps(List<Rule> expected, List<Rule> found) {
        var length = new int[expected.size() + 1][found.size() + 1];
        for (int i = expected.size() - 1; i >= 0; i--) {
            for (int j = found.size() - 1; j >= 0; j--) {
                length[i][j] = expected.get(i).equals(found.get(j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        var gaps = new ArrayList<Gap>(List.of(Gap.empty()));
        int i = 0;
        int j = 0;
        while (i < expected.size() || j < found.size()) {
            if (i < expected.size() && j < found.size() && expected.get(i).equals(found.get(j))) {
                gaps.add(Gap.empty());
                i++;
                j++;
            } else if (j == found.size() || i < expected.size() && length[i + 1][j] >= length[i][j + 1]) {
                gaps.getLast().expected().add(expected.get(i++));
            } else {
                gaps.getLast().found().add(found.get(j++));
            }
        }
        return gaps;
    }

    private String text(Rule rule) {
        return NftPrinter.rule(family, rule);
    }
}
