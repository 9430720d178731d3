package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RuleParser;
import io.fairlead.netfilter.iptables.RuleSyntaxException;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.iptables.Target;
import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Looks at our jumps in one built-in chain: each there once and in order among themselves. Other rules may stand before,
 * between and behind them. kubelet puts its own jump to KUBE-FIREWALL there as well, before ours or after, so that one may
 * stand at either end.
 */
final class JumpCheck {

    /** A line of the chain. {@code jump} is the index of the expected jump that it is; -1 for anything else. */
    private record Line(String text, int jump, Optional<String> frameChain) {}

    private final Table table;
    private final String chain;
    private final SavePrinter printer;
    private final UnaryOperator<String> canonical;
    private final List<FixedRules.JumpRow> expected;
    private final List<Line> lines;
    private final List<Finding> findings = new ArrayList<>();

    private JumpCheck(
            Table table, String chain, List<String> listed, SavePrinter printer, UnaryOperator<String> canonical) {
        this.table = table;
        this.chain = chain;
        this.printer = printer;
        this.canonical = canonical;
        expected = FixedRules.jumpsFrom(table, chain);
        lines = listed.stream().map(this::read).toList();
    }

    /** What is wrong with our jumps in a chain, and how to mend it; empty when nothing is. */
    static Optional<JumpMend> of(
            Table table, String chain, List<String> listed, SavePrinter printer, UnaryOperator<String> canonical) {
        return new JumpCheck(table, chain, listed, printer, canonical).check();
    }

    private Line read(String text) {
        if (!text.contains(" KUBE-")) {
            return new Line(text, -1, Optional.empty());
        }
        int jump = indexOf(text);
        if (jump < 0) {
            jump = indexOf(canonical.apply(text));
        }
        return new Line(text, jump, frameChain(text));
    }

    private int indexOf(String text) {
        return IntStream.range(0, expected.size())
                .filter(i -> text(i).equals(text))
                .findFirst()
                .orElse(-1);
    }

    private String text(int jump) {
        return printer.line(chain, expected.get(jump).rule());
    }

    /** Which of the chains that jumps from this table lead to it goes to, if any. */
    private Optional<String> frameChain(String text) {
        try {
            return RuleParser.parse(text)
                    .rule()
                    .target()
                    .flatMap(target -> switch (target) {
                        case Target.Jump(String to) -> Optional.of(to);
                        case Target.Goto(String to) -> Optional.of(to);
                        default -> Optional.<String>empty();
                    })
                    .filter(to -> FixedRules.JUMPS.stream()
                            .anyMatch(jump -> jump.table() == table && jump.to().equals(to)));
        } catch (RuleSyntaxException e) {
            return Optional.empty();
        }
    }

    private Optional<JumpMend> check() {
        var kept = inOrder();
        var removed = new ArrayList<Integer>();
        for (int at = 0; at < lines.size(); at++) {
            var line = lines.get(at);
            boolean ours = line.jump() >= 0 || line.frameChain().isPresent();
            if (ours && !kept.contains(at)) {
                removed.add(at);
            }
        }
        var absent = IntStream.range(0, expected.size())
                .filter(jump -> kept.stream().noneMatch(at -> lines.get(at).jump() == jump))
                .boxed()
                .toList();
        if (removed.isEmpty() && absent.isEmpty()) {
            return Optional.empty();
        }
        report(removed, absent);
        return Optional.of(new JumpMend(table, chain, deletions(removed), insertions(removed, absent), findings));
    }

    /** The longest run of jumps that stand in order. */
    private List<Integer> inOrder() {
        var inside = longest(OptionalInt.empty());
        var kubelets = IntStream.range(0, expected.size())
                .filter(jump -> expected.get(jump).to().equals(Chains.FIREWALL))
                .findFirst();
        if (kubelets.isEmpty()) {
            return inside;
        }
        var last = longest(kubelets);
        return last.size() > inside.size() ? last : inside;
    }

    private List<Integer> longest(OptionalInt last) {
        var best = new ArrayList<List<Integer>>();
        for (int at = 0; at < lines.size(); at++) {
            int rank = rank(lines.get(at).jump(), last);
            if (rank < 0) {
                continue;
            }
            List<Integer> before = List.of();
            for (var run : best) {
                if (run.size() > before.size() && rank(lines.get(run.getLast()).jump(), last) < rank) {
                    before = run;
                }
            }
            var run = new ArrayList<>(before);
            run.add(at);
            best.add(run);
        }
        List<Integer> longest = List.of();
        for (var run : best) {
            longest = run.size() > longest.size() ? run : longest;
        }
        return longest;
    }

    private int rank(int jump, OptionalInt last) {
        return last.isPresent() && jump == last.getAsInt() ? expected.size() : jump;
    }

    private void report(List<Integer> removed, List<Integer> absent) {
        var place = new SharedChain(table, chain).toString();
        var unexplained = new ArrayList<>(removed);
        for (int jump : absent) {
            var same = unexplained.stream()
                    .filter(at -> lines.get(at).jump() == jump)
                    .findFirst();
            var similar = unexplained.stream()
                    .filter(at -> lines.get(at).jump() < 0)
                    .filter(at -> lines.get(at)
                            .frameChain()
                            .equals(Optional.of(expected.get(jump).to())))
                    .findFirst();
            if (same.isPresent()) {
                unexplained.remove(same.get());
                findings.add(Finding.misplaced(place, Optional.empty(), text(jump)));
            } else if (similar.isPresent()) {
                unexplained.remove(similar.get());
                findings.add(Finding.altered(
                        place,
                        Optional.empty(),
                        text(jump),
                        lines.get(similar.get()).text()));
            } else {
                findings.add(Finding.missing(place, Optional.empty(), text(jump)));
            }
        }
        for (int at : unexplained) {
            var kind = lines.get(at).jump() >= 0 ? Finding.Kind.DUPLICATE : Finding.Kind.FOREIGN;
            findings.add(
                    Finding.surplus(kind, place, Optional.empty(), lines.get(at).text()));
        }
    }

    /** Of a jump that is there twice, iptables deletes the first: so all go, and the one that is right comes back. */
    private List<String> deletions(List<Integer> removed) {
        return lines.stream()
                .filter(line ->
                        removed.stream().anyMatch(at -> lines.get(at).text().equals(line.text())))
                .map(Line::text)
                .toList();
    }

    private List<JumpMend.Insertion> insertions(List<Integer> removed, List<Integer> absent) {
        var after = new ArrayList<Line>();
        for (int at = 0; at < lines.size(); at++) {
            if (!removed.contains(at)) {
                after.add(lines.get(at));
            }
        }
        absent.reversed()
                .forEach(jump -> after.add(placeOf(after, jump), new Line(text(jump), jump, Optional.empty())));
        var deleted = deletions(removed);
        var insertions = new ArrayList<JumpMend.Insertion>();
        for (int at = 0; at < after.size(); at++) {
            var line = after.get(at);
            if (line.jump() >= 0 && (absent.contains(line.jump()) || deleted.contains(line.text()))) {
                insertions.add(
                        new JumpMend.Insertion(at + 1, expected.get(line.jump()).rule()));
            }
        }
        return insertions;
    }

    /** Before the next of ours that is there; otherwise behind the last of ours; otherwise on top, as kube-proxy does. */
    private static int placeOf(List<Line> lines, int jump) {
        int behind = 0;
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).jump() > jump) {
                return at;
            }
            if (lines.get(at).jump() >= 0) {
                behind = at + 1;
            }
        }
        return behind;
    }
}
