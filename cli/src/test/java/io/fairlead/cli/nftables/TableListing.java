package io.fairlead.cli.nftables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/**
 * What {@code nft list table} prints, taken apart.
 *
 * @param blocks the lines of each chain, set and map by its heading, as in {@code chain services}: rules in their order,
 *     elements sorted, for they have none
 */
record TableListing(String table, SequencedMap<String, List<String>> blocks) {

    private static final String ELEMENTS = "elements = {";

    static TableListing parse(String text) {
        var blocks = new LinkedHashMap<String, List<String>>();
        var table = "";
        var heading = "";
        var block = new ArrayList<String>();
        for (var line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("table ")) {
                table = heading(line);
            } else if (line.startsWith("chain ") || line.startsWith("set ") || line.startsWith("map ")) {
                heading = heading(line);
                block = new ArrayList<>();
            } else if (line.equals("}") && !heading.isEmpty()) {
                blocks.put(heading, heading.startsWith("chain ") ? block : withSortedElements(block));
                heading = "";
            } else if (!line.isEmpty() && !line.equals("}")) {
                block.add(line);
            }
        }
        return new TableListing(table, blocks);
    }

    private static String heading(String line) {
        return line.substring(0, line.length() - " {".length());
    }

    private static List<String> withSortedElements(List<String> block) {
        var text = String.join(" ", block);
        int at = text.indexOf(ELEMENTS);
        if (at < 0) {
            return block;
        }
        var elements =
                text.substring(at + ELEMENTS.length(), text.lastIndexOf('}')).split(", *", -1);
        var lines = new ArrayList<>(List.of(text.substring(0, at).strip()));
        Arrays.stream(elements).map(String::strip).sorted().forEach(lines::add);
        return lines;
    }

    /** Which of a Service's endpoints has which index is nobody's business. */
    TableListing withoutIndices() {
        var without = new LinkedHashMap<String, List<String>>();
        blocks.forEach((heading, lines) -> without.put(
                heading,
                heading.endsWith("-endpoints")
                        ? lines.stream()
                                .map(line -> line.replaceFirst(" \\. \\d+ : ", " : "))
                                .sorted()
                                .toList()
                        : lines));
        return new TableListing(table, without);
    }

    /** Headings of one kind of block that has something to spoil. */
    List<String> headings(String kind) {
        return blocks.keySet().stream()
                .filter(heading -> heading.startsWith(kind) && !content(heading).isEmpty())
                .toList();
    }

    /** The rules, or the elements. */
    List<String> content(String heading) {
        var lines = blocks.get(heading);
        return heading.startsWith("chain ")
                ? lines.stream()
                        .filter(line -> !line.startsWith("type ") && !line.startsWith("comment "))
                        .toList()
                : lines.stream()
                        .skip(1)
                        .filter(line -> !line.startsWith("type") && !line.startsWith("comment"))
                        .toList();
    }

    /**
     * For {@code nft -f}: the table with these rules in a chain. The whole is made anew, because nft 1.0.6 refuses rules with
     * maps that it finds in the kernel ("conflicting protocols specified").
     *
     * @param text what this is the parts of
     */
    String rewriting(String text, String heading, List<String> rules) {
        var script = new StringBuilder("delete " + table + "\n");
        boolean inside = false;
        for (var line : text.lines().map(String::strip).toList()) {
            if (line.equals(heading + " {")) {
                inside = true;
            } else if (inside && line.equals("}")) {
                inside = false;
                rules.forEach(rule -> script.append(rule).append('\n'));
            } else if (inside && content(heading).contains(line)) {
                continue;
            }
            script.append(line).append('\n');
        }
        return script.toString();
    }

    /** For {@code nft -f}: something is done with an element. */
    String element(String verb, String heading, String element) {
        return verb + " element " + table.substring("table ".length()) + " "
                + heading.substring(heading.indexOf(' ') + 1) + " { " + element + " }\n";
    }

    static <T> T one(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
