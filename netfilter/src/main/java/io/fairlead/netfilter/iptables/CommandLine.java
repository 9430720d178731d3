package io.fairlead.netfilter.iptables;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line of a listing or of restore input, split and ready to be read. */
final class CommandLine {

    private static final Pattern POSITION = Pattern.compile("[1-9][0-9]{0,8}");

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
        try {
            return new RuleReader(words, isNumbered() ? from + 1 : from).read();
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    /** Where {@code -I} puts its rule; 1, the top, unless it says otherwise. */
    int position() {
        return isNumbered() ? Integer.parseInt(words.get(start + 2).text()) : 1;
    }

    private boolean isNumbered() {
        return command().equals("-I")
                && words.size() > start + 2
                && POSITION.matcher(words.get(start + 2).text()).matches();
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
