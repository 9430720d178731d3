package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Deployments, ReplicaSets and DaemonSets in a table. */
record WorkloadRow(Age age) {

    Table deployments() {
        return table(
                List.of(Table.Column.of("Ready"), number("Up-to-date"), number("Available")),
                object -> List.of(
                        Cells.text(count(object, "readyReplicas") + "/"
                                + object.at("/spec/replicas").asInt()),
                        Cells.number(count(object, "updatedReplicas")),
                        Cells.number(count(object, "availableReplicas"))));
    }

    Table replicaSets() {
        return table(
                List.of(number("Desired"), number("Current"), number("Ready")),
                object -> List.of(
                        Cells.number(object.at("/spec/replicas").asInt()),
                        Cells.number(count(object, "replicas")),
                        Cells.number(count(object, "readyReplicas"))));
    }

    Table daemonSets() {
        return table(
                List.of(
                        number("Desired"),
                        number("Current"),
                        number("Ready"),
                        number("Up-to-date"),
                        number("Available"),
                        Table.Column.of("Node Selector")),
                object -> List.of(
                        Cells.number(count(object, "desiredNumberScheduled")),
                        Cells.number(count(object, "currentNumberScheduled")),
                        Cells.number(count(object, "numberReady")),
                        Cells.number(count(object, "updatedNumberScheduled")),
                        Cells.number(count(object, "numberAvailable")),
                        Cells.text(Cells.labels(object.at("/spec/template/spec/nodeSelector")))));
    }

    private static Table.Column number(String name) {
        return new Table.Column(name, "integer", 0);
    }

    private static int count(ObjectNode object, String field) {
        return object.path("status").path(field).asInt();
    }

    private Table table(List<Table.Column> columns, Function<ObjectNode, List<JsonNode>> middle) {
        var all = new ArrayList<Table.Column>();
        all.add(Table.Column.of("Name"));
        all.addAll(columns);
        all.add(Table.Column.of("Age"));
        Stream.of("Containers", "Images", "Selector").map(Table.Column::wide).forEach(all::add);
        return new Table(all, object -> {
            var cells = new ArrayList<JsonNode>();
            cells.add(Cells.name(object));
            cells.addAll(middle.apply(object));
            cells.add(Cells.text(age.since(object.at("/metadata/creationTimestamp"))));
            var containers = object.at("/spec/template/spec/containers");
            cells.add(Cells.text(Cells.joined(containers, "name")));
            cells.add(Cells.text(Cells.joined(containers, "image")));
            cells.add(Cells.text(Cells.labels(object.at("/spec/selector/matchLabels"))));
            return cells;
        });
    }
}
