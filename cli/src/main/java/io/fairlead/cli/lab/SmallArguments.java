package io.fairlead.cli.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Words and options as kubectl takes them: {@code --name=x}, {@code --name x}, {@code -n x}. */
record SmallArguments(List<String> words, Map<String, String> options) {

    private static final Map<String, String> SHORT = Map.of("-n", "namespace", "-o", "output", "-A", "all-namespaces");
    private static final Set<String> FLAGS = Set.of("all-namespaces");
    private static final Set<String> KNOWN =
            Set.of("namespace", "output", "all-namespaces", "image", "name", "port", "target-port", "protocol", "type");

    SmallArguments {
        words = List.copyOf(words);
        options = Map.copyOf(options);
    }

    static SmallArguments parse(List<String> given) {
        var words = new ArrayList<String>();
        var options = new HashMap<String, String>();
        var rest = given.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (!word.startsWith("-")) {
                words.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String spelled = equals < 0 ? word : word.substring(0, equals);
            String name = SHORT.getOrDefault(spelled, spelled.replaceFirst("^--", ""));
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("unknown flag: " + spelled);
            }
            if (FLAGS.contains(name)) {
                options.put(name, "true");
            } else if (equals >= 0) {
                options.put(name, word.substring(equals + 1));
            } else if (rest.hasNext()) {
                options.put(name, rest.next());
            } else {
                throw new IllegalArgumentException("flag needs an argument: " + spelled);
            }
        }
        return new SmallArguments(words, options);
    }

    String word(int index, String what) {
        return optionalWord(index).orElseThrow(() -> new IllegalArgumentException(what + " is missing"));
    }

    Optional<String> optionalWord(int index) {
        return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    String required(String name) {
        return Optional.ofNullable(options.get(name))
                .orElseThrow(() -> new IllegalArgumentException("required flag(s) \"" + name + "\" not set"));
    }

    String namespace() {
        return option("namespace", "default");
    }
}
