package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.NftSet.Flag;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.Selector;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Typeof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Prints tables as {@code nft list table} does, but for line breaks and the order of elements: {@code nft -f} loads it.
 * Two things are said in more words than nft's, to the same effect: a range that was compiled to two comparisons, and a
 * protocol that another phrase implies.
 *
 * <p>What nft's syntax cannot say, or what is not known here, stands as {@code <not printable: …>}, which {@code nft -f}
 * refuses.
 */
public final class NftPrinter {

    private NftPrinter() {}

    public static String print(TableImage image) {
        var text = new StringBuilder();
        try {
            print(image, text);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder does not fail", e);
        }
        return text.toString();
    }

    /** As it goes, for tables that are large. */
    public static void print(TableImage image, Appendable to) throws IOException {
        var table = image.table();
        to.append("table ")
                .append(table.id().family().toString())
                .append(" ")
                .append(ValueText.name(table.id().name()))
                .append(" {\n");
        if (table.dormant()) {
            to.append("\tflags dormant\n");
        }
        comment(to, "\t", table.comment());
        for (var set : image.sets().values()) {
            print(image, set, to);
        }
        for (var chain : image.chains().values()) {
            print(image, chain, to);
        }
        to.append("}\n");
    }

    /** A rule as it stands in a chain of a table of this family. */
    public static String rule(Family family, Rule rule) {
        return RuleText.of(family, rule);
    }

    /** Where a base chain hangs, as it stands in its chain. */
    public static String hook(Hook hook) {
        return HookText.of(hook);
    }

    private static void comment(Appendable to, String indent, String comment) throws IOException {
        if (!comment.isEmpty()) {
            to.append(indent)
                    .append("comment ")
                    .append(ValueText.quoted(comment))
                    .append("\n");
        }
    }

    private static void print(TableImage image, Chain chain, Appendable to) throws IOException {
        to.append("\tchain ").append(ValueText.name(chain.name())).append(" {\n");
        comment(to, "\t\t", chain.comment());
        if (chain.hook().isPresent()) {
            to.append("\t\t").append(HookText.of(chain.hook().get())).append("\n");
        }
        for (var rule : image.rulesOf(chain.name())) {
            to.append("\t\t")
                    .append(RuleText.of(image.table().id().family(), rule))
                    .append("\n");
        }
        to.append("\t}\n\n");
    }

    private static void print(TableImage image, NftSet set, Appendable to) throws IOException {
        to.append(set.isMap() ? "\tmap " : "\tset ")
                .append(ValueText.name(set.name()))
                .append(" {\n");
        to.append("\t\t").append(types(set)).append("\n");
        if (set.size() != 0 && !set.is(Flag.CONSTANT)) {
            to.append("\t\tsize ").append(Integer.toUnsignedString(set.size())).append("\n");
        }
        var flags = flags(set);
        if (!flags.isEmpty()) {
            to.append("\t\tflags ").append(flags).append("\n");
        }
        if (set.timeoutMillis() != 0) {
            to.append("\t\ttimeout ").append(TimeText.of(set.timeoutMillis())).append("\n");
        }
        comment(to, "\t\t", set.comment());
        var elements = ElementText.of(set.key(), set.value(), set.is(Flag.INTERVAL), image.elementsOf(set.name()));
        if (!elements.isEmpty()) {
            to.append("\t\telements = { ")
                    .append(String.join(",\n\t\t\t     ", elements))
                    .append(" }\n");
        }
        to.append("\t}\n\n");
    }

    /** A default timeout says the flag, unless there are others. */
    private static String flags(NftSet set) {
        var all = new ArrayList<Flag>(List.of(Flag.CONSTANT, Flag.DYNAMIC, Flag.INTERVAL, Flag.TIMEOUT));
        all.removeIf(flag -> !set.is(flag));
        if (all.equals(List.of(Flag.TIMEOUT)) && set.timeoutMillis() != 0) {
            return "";
        }
        return all.stream()
                .map(flag -> flag.name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    private static String types(NftSet set) {
        var typeof = set.typeof();
        var key = typeof.map(Typeof::key).map(NftPrinter::selectors).orElseGet(() -> names(set.key()));
        var word = typeof.isPresent() ? "typeof " : "type ";
        if (!set.isMap()) {
            return word + key;
        }
        var value = typeof.map(Typeof::value)
                .filter(selectors -> !selectors.isEmpty())
                .map(NftPrinter::selectors)
                .orElseGet(() -> names(set.value()));
        return word + key + " : " + value;
    }

    private static String selectors(List<Selector> selectors) {
        return selectors.stream().map(Selector::text).collect(Collectors.joining(" . "));
    }

    private static String names(List<DataType> types) {
        var names = new StringJoiner(" . ");
        for (var type : types) {
            names.add(type.name().isEmpty() ? "<not printable: type " + type.id() + ">" : type.name());
        }
        return names.toString();
    }
}
