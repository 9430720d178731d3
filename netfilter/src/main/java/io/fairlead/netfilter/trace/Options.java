package io.fairlead.netfilter.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options of a module or target that iptables' parser has kept word for word. */
final class Options {

    /**
     * {@code [!] --name value…}.
     *
     * @param name without the dashes
     */
    record Option(String name, List<String> values, boolean negated) {

        String value() {
            return values.isEmpty() ? "" : values.getFirst();
        }
    }

    private Options() {}

    static List<Option> of(List<String> words) {
        var options = new ArrayList<Option>();
        int i = 0;
        while (i < words.size()) {
            boolean negated = words.get(i).equals("!");
            i += negated ? 1 : 0;
            if (i == words.size()) {
                break;
            }
            var name = words.get(i++).replaceFirst("^--?", "");
            var values = new ArrayList<String>();
            while (i < words.size()
                    && !words.get(i).equals("!")
                    && !words.get(i).startsWith("--")) {
                values.add(words.get(i++));
            }
            options.add(new Option(name, List.copyOf(values), negated));
        }
        return options;
    }

    static Optional<Option> find(List<Option> options, String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }
}
