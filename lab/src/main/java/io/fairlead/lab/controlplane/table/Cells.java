package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Cells and what is often in them. */
final class Cells {

    static final String NONE = "<none>";

    private Cells() {}

    static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }

    static JsonNode number(long value) {
        return JsonNodeFactory.instance.numberNode(value);
    }

    static JsonNode name(JsonNode object) {
        return object.path("metadata").path("name");
    }

    /** The text, or {@code <none>}. */
    static JsonNode orNone(JsonNode value) {
        return text(value.asText("").isEmpty() ? NONE : value.asText());
    }

    /** {@code a=b,c=d}, in the order of keys. */
    static String labels(JsonNode labels) {
        var joined = new StringJoiner(",").setEmptyValue(NONE);
        labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .sorted()
                .forEach(joined::add);
        return joined.toString();
    }

    /** The values of a field in each element. */
    static String joined(JsonNode list, String field) {
        var joined = new StringJoiner(",").setEmptyValue(NONE);
        list.forEach(element -> joined.add(element.path(field).asText()));
        return joined.toString();
    }

    /** At most three of them, and how many more there are. */
    static String firstThree(List<String> all, String none) {
        if (all.isEmpty()) {
            return none;
        }
        var shown = String.join(",", all.subList(0, Math.min(3, all.size())));
        return all.size() > 3 ? shown + " + " + (all.size() - 3) + " more..." : shown;
    }

    static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
