package io.fairlead.lab.apiserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A request's query, decoded; the first value of a name counts. */
record QueryParameters(Map<String, String> values) {

    QueryParameters {
        values = Map.copyOf(values);
    }

    /** @throws ApiException 400 if an escape is broken */
    static QueryParameters parse(String rawQuery) {
        var values = new HashMap<String, String>();
        for (var pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                values.putIfAbsent(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return new QueryParameters(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("query: \"" + text + "\" has a broken escape");
        }
    }

    /** The value; a parameter given as empty counts as not given, as API servers treat it. */
    Optional<String> get(String name) {
        var value = values.getOrDefault(name, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    boolean flag(String name) {
        return get(name)
                .filter(value -> value.equals("true") || value.equals("1"))
                .isPresent();
    }

    /** @throws ApiException 400 if the value is not a whole number of at least 0 */
    OptionalLong number(String name) {
        var text = get(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("\\d{1,18}")) {
            throw ApiException.badRequest(name + ": \"" + text.get() + "\" is not a whole number");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }
}
