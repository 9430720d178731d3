package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.nftables.Command;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.print.ValueText;
import java.util.Optional;

/** Names the object of a command, for errors. */
final class CommandText {

    private CommandText() {}

    static String of(TableId table, Command command, Optional<Element> element) {
        return switch (command) {
            case Command.OfTable _ -> "table " + table;
            case Command.OfChain of -> "chain " + of.chain().name() + inTable(table);
            case Command.OfRule of -> rule(of) + inTable(table);
            case Command.OfSet of -> kind(of.set()) + " " + of.set().name() + inTable(table);
            case Command.OfElements of ->
                element.map(found -> "element " + ValueText.key(of.set().key(), found) + " of ")
                                .orElse("elements of ")
                        + kind(of.set())
                        + " "
                        + of.set().name()
                        + inTable(table);
        };
    }

    private static String rule(Command.OfRule of) {
        var comment = of.rule().comment();
        var name = of.rule().expressions().isEmpty() && of.handle() != 0
                ? "rule " + of.handle()
                : comment.isEmpty() ? "a rule" : "rule \"" + comment + "\"";
        return name + " of chain " + of.chain();
    }

    private static String kind(NftSet set) {
        return set.isMap() ? "map" : "set";
    }

    private static String inTable(TableId table) {
        return " in table " + table;
    }
}
