package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.RuleParser;
import io.fairlead.netfilter.iptables.RuleSyntaxException;
import io.fairlead.netfilter.iptables.SavePrinter;
import io.fairlead.netfilter.iptables.Table;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Takes the lines of an {@code iptables-save} listing and says in which table and chain each stands. */
final class RuleLines {

    private final Consumer<SharedChain> chains;
    private final BiConsumer<SharedChain, String> rules;
    private Optional<Table> table = Optional.empty();

    RuleLines(Consumer<SharedChain> chains, BiConsumer<SharedChain, String> rules) {
        this.chains = chains;
        this.rules = rules;
    }

    void line(String line) {
        if (line.startsWith("-A ")) {
            table.ifPresent(in -> rules.accept(new SharedChain(in, word(line, 3)), line));
        } else if (line.startsWith(":")) {
            table.ifPresent(in -> chains.accept(new SharedChain(in, word(line, 1))));
        } else if (line.startsWith("*")) {
            table = Table.of(line.substring(1).strip());
        }
    }

    static String word(String line, int from) {
        int end = line.indexOf(' ', from);
        return end < 0 ? line.substring(from) : line.substring(from, end);
    }

    /** The line as we would print it; a line that cannot be read is left as it is. */
    static String canonical(String line, SavePrinter printer) {
        try {
            var parsed = RuleParser.parse(line);
            return printer.line(parsed.chain(), parsed.rule());
        } catch (RuleSyntaxException e) {
            return line;
        }
    }
}
