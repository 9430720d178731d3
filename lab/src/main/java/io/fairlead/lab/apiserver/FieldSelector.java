package io.fairlead.lab.apiserver;

import java.util.ArrayList;
import java.util.List;

/**
 * A conjunction of comparisons with fields: {@code metadata.name=web,spec.clusterIP!=None}. An absent field is the empty
 * string. Any scalar can be named, where a real server knows a few per type.
 */
record FieldSelector(List<Comparison> comparisons) {

    /** @param path the field's names from the object's root */
    record Comparison(List<String> path, boolean equal, String value) {

        Comparison {
            path = List.copyOf(path);
        }

        boolean matches(StoredObject object) {
            return valueIn(object).equals(value) == equal;
        }

        private String valueIn(StoredObject object) {
            return switch (String.join(".", path)) {
                case "metadata.name" -> object.name().name();
                case "metadata.namespace" -> object.name().namespace();
                default -> object.field(path);
            };
        }
    }

    FieldSelector {
        comparisons = List.copyOf(comparisons);
    }

    /** @throws ApiException 400 naming the comparison that cannot be read */
    static FieldSelector parse(String text) {
        var comparisons = new ArrayList<Comparison>();
        for (var term : terms(text)) {
            comparisons.add(comparison(term));
        }
        return new FieldSelector(comparisons);
    }

    boolean matches(StoredObject object) {
        for (var comparison : comparisons) {
            if (!comparison.matches(object)) {
                return false;
            }
        }
        return true;
    }

    private static Comparison comparison(String term) {
        int equals = term.indexOf('=');
        if (equals <= 0) {
            throw ApiException.badRequest("fieldSelector: \"" + term + "\" is not field=value or field!=value");
        }
        boolean negated = term.charAt(equals - 1) == '!';
        var field = term.substring(0, negated ? equals - 1 : equals);
        var value = term.substring(term.startsWith("==", equals) ? equals + 2 : equals + 1);
        return new Comparison(List.of(field.split("\\.", -1)), !negated, unescape(value));
    }

    /** Splits at commas that no backslash protects. */
    private static List<String> terms(String text) {
        var terms = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ',') {
                if (i > start) {
                    terms.add(text.substring(start, i));
                }
                start = i + 1;
            } else if (text.charAt(i) == '\\') {
                i++;
            }
        }
        return terms;
    }

    /** Undoes {@code \,} {@code \=} and {@code \\}. */
    private static String unescape(String value) {
        return value.replaceAll("\\\\([,=\\\\])", "$1");
    }
}
