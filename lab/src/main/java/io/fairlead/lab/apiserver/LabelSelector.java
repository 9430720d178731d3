package io.fairlead.lab.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A conjunction of requirements on labels: {@code a=b, c!=d, e in (f,g), h notin (i), j, !k}. */
record LabelSelector(List<Requirement> requirements) {

    /** One requirement. */
    sealed interface Requirement {

        boolean matches(Map<String, String> labels);

        record In(String key, Set<String> values) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return labels.containsKey(key) && values.contains(labels.get(key));
            }
        }

        /** Also holds without the label. */
        record NotIn(String key, Set<String> values) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return !labels.containsKey(key) || !values.contains(labels.get(key));
            }
        }

        record Exists(String key) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return labels.containsKey(key);
            }
        }

        record Absent(String key) implements Requirement {
            @Override
            public boolean matches(Map<String, String> labels) {
                return !labels.containsKey(key);
            }
        }
    }

    private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_./]*)";
    private static final Pattern COMPARISON = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)");
    private static final Pattern MEMBERSHIP = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([-A-Za-z0-9_.,\\s]*)\\)");
    private static final Pattern PRESENCE = Pattern.compile("(!?)\\s*" + KEY);
    // A comma that no closing parenthesis follows before the next opening one.
    private static final Pattern SEPARATOR = Pattern.compile(",(?![^(]*\\))");

    LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** @throws ApiException 400 naming the requirement that cannot be read */
    static LabelSelector parse(String text) {
        var requirements = new ArrayList<Requirement>();
        if (!text.isBlank()) {
            for (var part : SEPARATOR.split(text, -1)) {
                requirements.add(requirement(part.strip()));
            }
        }
        return new LabelSelector(requirements);
    }

    private static Requirement requirement(String text) {
        var comparison = COMPARISON.matcher(text);
        if (comparison.matches()) {
            var values = Set.of(comparison.group(3));
            return comparison.group(2).equals("!=")
                    ? new Requirement.NotIn(comparison.group(1), values)
                    : new Requirement.In(comparison.group(1), values);
        }
        var membership = MEMBERSHIP.matcher(text);
        if (membership.matches()) {
            var values = Set.copyOf(List.of(membership.group(3).strip().split("\\s*,\\s*", -1)));
            return membership.group(2).equals("in")
                    ? new Requirement.In(membership.group(1), values)
                    : new Requirement.NotIn(membership.group(1), values);
        }
        var presence = PRESENCE.matcher(text);
        if (presence.matches()) {
            return presence.group(1).isEmpty()
                    ? new Requirement.Exists(presence.group(2))
                    : new Requirement.Absent(presence.group(2));
        }
        throw ApiException.badRequest(
                "labelSelector: \"%s\" is not key, !key, key=value, key!=value, key in (…) or key notin (…)"
                        .formatted(text));
    }

    boolean matches(Map<String, String> labels) {
        for (var requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
