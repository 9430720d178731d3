package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;

/** One line of a listing or of restore input, split and ready to be read. */
final class CommandLine {

    private final String line;
    private final int number;
    private final List<Words.Word> words;
    private final int start;

    CommandLine(String line, int number) {
        this.line = line;
        this.number = number;
        try {
            this.words = Words.split(line);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
        boolean counted = !words.isEmpty() && words.getFirst().text().startsWith("[");
        this.start = counted ? 1 : 0;
        if (words.size() <= start) {
            throw problem("no command");
        }
    }

    /** {@code -A}, {@code *nat}, {@code :CHAIN} and so on. */
    String command() {
        return words.get(start).text();
    }

    String chain() {
        if (words.size() < start + 2) {
            throw problem(command() + " needs a chain");
        }
        return words.get(start + 1).text();
    }

    RuleParser.InChain append() {
        if (!command().equals("-A")) {
            throw problem("does not begin with -A CHAIN");
        }
        return new RuleParser.InChain(chain(), rule());
    }

    Rule rule() {
        chain();
        int from = start + 2;
        boolean numbered = command().equals("-I")
                && from < words.size()
                && words.get(from).text().equals("1");
        try {
            return new RuleReader(words, numbered ? from + 1 : from).read();
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    /** The table after {@code *}. */
    Table table() {
        return Table.of(command().substring(1)).orElseThrow(() -> problem("no such table"));
    }

    /** The name after {@code :}. */
    String chainLine() {
        var name = command().substring(1);
        if (name.isEmpty() || words.size() < start + 2) {
            throw problem("a chain line is :CHAIN POLICY [PACKETS:BYTES]");
        }
        return name;
    }

    /** The policy after {@code :CHAIN}. */
    Optional<Target.Verdict> policy() {
        return switch (words.get(start + 1).text()) {
            case "-" -> Optional.empty();
            case "ACCEPT" -> Optional.of(Target.Verdict.ACCEPT);
            case "DROP" -> Optional.of(Target.Verdict.DROP);
            default -> throw problem("the policy of a chain is ACCEPT, DROP or -");
        };
    }

    RuleSyntaxException problem(String problem) {
        return new RuleSyntaxException(number, line, problem);
    }
}
