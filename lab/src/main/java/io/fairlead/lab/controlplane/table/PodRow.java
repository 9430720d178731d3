package io.fairlead.lab.controlplane.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Table;
import java.util.List;

/** A Pod in a table; its STATUS is the most telling of many. */
record PodRow(Age age) {

    Table table() {
        return new Table(
                List.of(
                        Table.Column.of("Name"),
                        Table.Column.of("Ready"),
                        Table.Column.of("Status"),
                        Table.Column.of("Restarts"),
                        Table.Column.of("Age"),
                        Table.Column.wide("IP"),
                        Table.Column.wide("Node"),
                        Table.Column.wide("Nominated Node"),
                        Table.Column.wide("Readiness Gates")),
                this::cells);
    }

    private List<JsonNode> cells(ObjectNode pod) {
        int ready = 0;
        for (var container : pod.at("/status/containerStatuses")) {
            ready += container.path("ready").asBoolean()
                            && container.path("state").has("running")
                    ? 1
                    : 0;
        }
        return List.of(
                Cells.name(pod),
                Cells.text(ready + "/" + pod.at("/spec/containers").size()),
                Cells.text(status(pod)),
                Cells.text(restarts(pod)),
                Cells.text(age.since(pod.at("/metadata/creationTimestamp"))),
                Cells.orNone(pod.at("/status/podIP")),
                Cells.orNone(pod.at("/spec/nodeName")),
                Cells.orNone(pod.at("/status/nominatedNodeName")),
                Cells.text(Cells.NONE));
    }

    private String restarts(ObjectNode pod) {
        long restarts = 0;
        var last = "";
        for (var container : pod.at("/status/containerStatuses")) {
            restarts += container.path("restartCount").asLong();
            var ended = container.at("/lastState/terminated/finishedAt").asText("");
            last = ended.compareTo(last) > 0 ? ended : last;
        }
        return restarts > 0 && !last.isEmpty()
                ? restarts + " (" + age.since(Cells.text(last)) + " ago)"
                : "" + restarts;
    }

    private static String status(ObjectNode pod) {
        var status = pod.path("status");
        var reason = status.path("reason").asText("");
        if (reason.isEmpty()) {
            reason = status.path("phase").asText("");
        }
        boolean running = false;
        var containers = status.path("containerStatuses");
        for (int i = containers.size() - 1; i >= 0; i--) {
            var container = containers.get(i);
            var state = state(container.path("state"));
            if (!state.isEmpty()) {
                reason = state;
            } else if (container.path("ready").asBoolean()
                    && container.path("state").has("running")) {
                running = true;
            }
        }
        if (reason.equals("Completed") && running) {
            reason = "Running";
        }
        if (pod.at("/metadata/deletionTimestamp").isTextual()) {
            return status.path("reason").asText("").equals("NodeLost") ? "Unknown" : "Terminating";
        }
        return reason;
    }

    /** Why a container does not run; empty if it does. */
    private static String state(JsonNode state) {
        var waiting = state.path("waiting").path("reason").asText("");
        if (!waiting.isEmpty()) {
            return waiting;
        }
        var terminated = state.path("terminated");
        if (terminated.isMissingNode()) {
            return "";
        }
        if (!terminated.path("reason").asText("").isEmpty()) {
            return terminated.path("reason").asText();
        }
        return terminated.path("signal").asInt() != 0
                ? "Signal:" + terminated.path("signal").asInt()
                : "ExitCode:" + terminated.path("exitCode").asInt();
    }
}
