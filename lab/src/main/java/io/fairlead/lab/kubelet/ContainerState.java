package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a container does, as its status says it. */
sealed interface ContainerState {

    /** @param message may be empty */
    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant since) implements ContainerState {}

    record Terminated(int exitStatus, Instant started, Instant finished) implements ContainerState {}

    default ObjectNode toJson() {
        var state = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case Waiting(var reason, var message) -> {
                var waiting = state.putObject("waiting").put("reason", reason);
                if (!message.isEmpty()) {
                    waiting.put("message", message);
                }
            }
            case Running(var since) -> state.putObject("running").put("startedAt", time(since));
            case Terminated(var status, var started, var finished) ->
                state.putObject("terminated")
                        .put("exitCode", status)
                        .put("reason", status == 0 ? "Completed" : "Error")
                        .put("startedAt", time(started))
                        .put("finishedAt", time(finished));
        }
        return state;
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
