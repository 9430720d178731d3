package io.fairlead.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of one address family, in a form in which two kernels can be compared: without counters, and in chains that
 * Services share without the order in which the Services came.
 */
final class Listing {

    private static final Set<String> SHARED =
            Set.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL");

    private Listing() {}

    /**
     * @param save what iptables-save prints
     * @return the rules of each table's chains; those that only differ in places that do not matter are equal
     */
    static Map<String, List<String>> of(String save) {
        var chains = new TreeMap<String, List<String>>();
        var table = "";
        for (var line : save.lines().toList()) {
            if (line.startsWith("*")) {
                table = line;
            } else if (line.startsWith(":")) {
                chains.put(table + " " + line.substring(1).split(" ", 2)[0], new ArrayList<>());
            } else if (line.startsWith("-A ")) {
                var words = line.split(" ", 3);
                chains.computeIfAbsent(table + " " + words[1], _ -> new ArrayList<>())
                        .add(words[2]);
            }
        }
        chains.forEach((name, rules) -> {
            if (SHARED.contains(name.substring(name.indexOf(' ') + 1))) {
                rules.sort(null);
            }
        });
        return chains;
    }

    /** What is in one and not in the other, one line each; empty when they are equal. */
    static List<String> differences(Map<String, List<String>> wanted, Map<String, List<String>> actual) {
        var lines = new ArrayList<String>();
        for (var chain : wanted.entrySet()) {
            var there = actual.get(chain.getKey());
            if (there == null) {
                lines.add("missing chain " + chain.getKey());
            } else if (!there.equals(chain.getValue())) {
                lines.add(chain.getKey() + ": wanted " + chain.getValue() + ", is " + there);
            }
        }
        actual.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .forEach(name -> lines.add("stale chain " + name));
        return lines;
    }
}
