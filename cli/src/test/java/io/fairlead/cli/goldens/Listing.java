package io.fairlead.cli.goldens;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A listing as lines in which only what counts has an order. kube-proxy walks its Services in random order, so in chains that
 * they share only the order inside one Service port counts; the way to node ports must come last. Built-in chains
 * count by their jumps to KUBE chains.
 */
final class Listing {

    private static final Set<String> SHARED =
            Set.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL");
    private static final String LAST = "NOTE: this must be the last rule";
    private static final Pattern COMMENT = Pattern.compile("--comment (\"(?:[^\"\\\\]|\\\\.)*\"|\\S+)");
    private static final Pattern PROTOCOL = Pattern.compile("-p (\\S+)");
    private static final Pattern PORT = Pattern.compile("--dport (\\S+)");

    private Listing() {}

    /** The lines of iptables-save output, or of restore input, that count. */
    static List<String> lines(String listing) {
        var chains = new TreeMap<String, List<String>>();
        var table = "";
        for (var line : listing.lines().toList()) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith(":")) {
                chains.computeIfAbsent(table + " " + line.substring(1).split(" ", 2)[0], _ -> new ArrayList<>());
            } else if (line.startsWith("-A ")) {
                var words = line.split(" ", 3);
                chains.computeIfAbsent(table + " " + words[1], _ -> new ArrayList<>())
                        .add(words.length > 2 ? words[2] : "");
            }
        }
        var lines = new ArrayList<String>();
        chains.forEach((chain, rules) -> add(lines, chain, rules));
        return lines;
    }

    private static void add(List<String> lines, String chain, List<String> rules) {
        var name = chain.substring(chain.indexOf(' ') + 1);
        var counting = new ArrayList<>(rules);
        if (!name.startsWith("KUBE-")) {
            counting.removeIf(rule -> !rule.contains("-j KUBE-"));
            if (counting.isEmpty()) {
                return;
            }
        }
        if (SHARED.contains(name)) {
            var tail = counting.stream().filter(rule -> rule.contains(LAST)).toList();
            if (!counting.subList(counting.size() - tail.size(), counting.size())
                    .equals(tail)) {
                lines.add(chain + " !! the jump to node ports is not last");
            }
            counting.removeAll(tail);
            counting.sort(Comparator.comparing(Listing::port));
            counting.addAll(tail);
        }
        lines.add(chain + " :");
        counting.forEach(rule -> lines.add(chain + " " + rule));
    }

    private static String port(String rule) {
        return group(COMMENT, rule) + " " + group(PROTOCOL, rule) + " " + group(PORT, rule);
    }

    private static String group(Pattern pattern, String rule) {
        var matcher = pattern.matcher(rule);
        return matcher.find() ? matcher.group(1) : "";
    }
}
