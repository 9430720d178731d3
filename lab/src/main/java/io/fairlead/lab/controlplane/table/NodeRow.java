package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Table;
import java.util.List;
import java.util.TreeSet;

/** A Node in a table. */
record NodeRow(Age age) {

    private static final String ROLE = "node-role.kubernetes.io/";

    Table table() {
        return new Table(
                List.of(
                        Table.Column.of("Name"),
                        Table.Column.of("Status"),
                        Table.Column.of("Roles"),
                        Table.Column.of("Age"),
                        Table.Column.of("Version"),
                        Table.Column.wide("Internal-IP"),
                        Table.Column.wide("External-IP"),
                        Table.Column.wide("OS-Image"),
                        Table.Column.wide("Kernel-Version"),
                        Table.Column.wide("Container-Runtime")),
                this::cells);
    }

    private List<JsonNode> cells(ObjectNode node) {
        var info = node.at("/status/nodeInfo");
        return List.of(
                Cells.name(node),
                Cells.text(status(node)),
                Cells.text(roles(node)),
                Cells.text(age.since(node.at("/metadata/creationTimestamp"))),
                Cells.text(info.path("kubeletVersion").asText("")),
                Cells.text(address(node, "InternalIP")),
                Cells.text(address(node, "ExternalIP")),
                Cells.text(known(info.path("osImage"))),
                Cells.text(known(info.path("kernelVersion"))),
                Cells.text(known(info.path("containerRuntimeVersion"))));
    }

    private static String status(ObjectNode node) {
        var status = "Unknown";
        for (var condition : node.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                status = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
            }
        }
        return node.at("/spec/unschedulable").asBoolean() ? status + ",SchedulingDisabled" : status;
    }

    private static String roles(ObjectNode node) {
        var roles = new TreeSet<String>();
        for (var label : node.path("metadata").path("labels").properties()) {
            if (label.getKey().startsWith(ROLE) && label.getKey().length() > ROLE.length()) {
                roles.add(label.getKey().substring(ROLE.length()));
            } else if (label.getKey().equals("kubernetes.io/role")
                    && !label.getValue().asText().isEmpty()) {
                roles.add(label.getValue().asText());
            }
        }
        return roles.isEmpty() ? Cells.NONE : String.join(",", roles);
    }

    private static String address(ObjectNode node, String type) {
        for (var address : node.at("/status/addresses")) {
            if (address.path("type").asText().equals(type)) {
                return address.path("address").asText();
            }
        }
        return Cells.NONE;
    }

    private static String known(JsonNode value) {
        return value.asText("").isEmpty() ? "<unknown>" : value.asText();
    }
}
