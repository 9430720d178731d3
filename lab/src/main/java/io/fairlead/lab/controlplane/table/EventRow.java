package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Table;
import java.util.List;
import java.util.Locale;

/** An Event in a table. */
record EventRow(Age age) {

    Table table() {
        return new Table(
                List.of(
                        Table.Column.of("Last Seen"),
                        Table.Column.of("Type"),
                        Table.Column.of("Reason"),
                        Table.Column.of("Object"),
                        Table.Column.wide("Subobject"),
                        Table.Column.wide("Source"),
                        Table.Column.of("Message"),
                        Table.Column.wide("First Seen"),
                        Table.Column.wide("Count"),
                        Table.Column.wide("Name")),
                this::cells);
    }

    private List<JsonNode> cells(ObjectNode event) {
        var object = event.path("involvedObject");
        var component = event.at("/source/component").asText("");
        var host = event.at("/source/host").asText("");
        var source = component.isEmpty() ? event.path("reportingComponent").asText("") : component;
        var instance = component.isEmpty() ? event.path("reportingInstance").asText("") : host;
        var first = firstOf(event, "/firstTimestamp", "/eventTime");
        var last = firstOf(event, "/series/lastObservedTime", "/lastTimestamp", "/eventTime");
        return List.of(
                Cells.text(age.since(last)),
                event.path("type"),
                event.path("reason"),
                Cells.text(object.path("kind").asText().toLowerCase(Locale.ROOT)
                        + "/"
                        + object.path("name").asText()),
                Cells.text(object.path("fieldPath").asText("")),
                Cells.text(instance.isEmpty() ? source : source + ", " + instance),
                Cells.text(event.path("message").asText("").strip()),
                Cells.text(age.since(first)),
                Cells.text(Integer.toString(Math.max(
                        1,
                        event.has("series")
                                ? event.at("/series/count").asInt()
                                : event.path("count").asInt()))),
                Cells.name(event));
    }

    private static JsonNode firstOf(ObjectNode event, String... pointers) {
        for (var pointer : pointers) {
            if (event.at(pointer).isTextual()) {
                return event.at(pointer);
            }
        }
        return event.at("/metadata/creationTimestamp");
    }
}
