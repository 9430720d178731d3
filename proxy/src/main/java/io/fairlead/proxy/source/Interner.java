package io.fairlead.proxy.source;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes equal strings one string: namespaces, node names, zones and port names repeat thousands of times in a cluster.
 * Bounded: when it is full (a hostile input, or a cluster beyond what it is for) new strings pass as they are.
 */
final class Interner {

    private static final int CAPACITY = 16_384;

    private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

    String one(String text) {
        return optional(text).orElse(text);
    }

    /** As {@link #one}, in an Optional that is shared as well. */
    Optional<String> optional(String text) {
        var same = known.get(text);
        if (same != null) {
            return same;
        }
        var wrapped = Optional.of(text);
        if (known.size() < CAPACITY) {
            var other = known.putIfAbsent(text, wrapped);
            return other != null ? other : wrapped;
        }
        return wrapped;
    }
}
