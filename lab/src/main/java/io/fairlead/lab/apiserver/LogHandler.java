package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The output of a container, copied to the client as it comes. */
final class LogHandler {

    private static final int BUFFER_BYTES = 8 * 1024;

    private final ObjectStore store;
    private final PodLogs logs;

    LogHandler(ObjectStore store, PodLogs logs) {
        this.store = store;
        this.logs = logs;
    }

    void answer(Exchange exchange, Target target) throws IOException {
        var pod = store.get(target.stored(), target.object())
                .orElseThrow(() ->
                        ApiException.notFound(target.shown(), target.object().name()))
                .toJson();
        var request = request(target, pod, exchange.query());
        try (var input = open(request)) {
            copy(input, exchange);
        }
    }

    private InputStream open(PodLogs.Request request) throws IOException {
        try {
            return logs.open(request);
        } catch (FileNotFoundException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void copy(InputStream input, Exchange exchange) throws IOException {
        var out = exchange.stream("text/plain");
        var buffer = new byte[BUFFER_BYTES];
        for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private static PodLogs.Request request(Target target, ObjectNode pod, QueryParameters query) {
        return new PodLogs.Request(
                target.object(),
                container(pod, query.get("container"), query.flag("previous")),
                query.flag("follow"),
                query.flag("previous"),
                query.flag("timestamps"),
                query.number("tailLines"),
                since(query),
                query.number("limitBytes"));
    }

    private static Optional<Instant> since(QueryParameters query) {
        var seconds = query.number("sinceSeconds");
        if (seconds.isPresent()) {
            return Optional.of(Instant.now().minusSeconds(seconds.getAsLong()));
        }
        try {
            return query.get("sinceTime").map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest("sinceTime: " + e.getMessage());
        }
    }

    private static String container(ObjectNode pod, Optional<String> asked, boolean previous) {
        var name = ObjectMeta.text(pod, "name");
        var containers = names(pod.at("/spec/containers"));
        var all = new ArrayList<>(containers);
        all.addAll(names(pod.at("/spec/initContainers")));
        if (asked.isEmpty() && all.size() > 1) {
            throw ApiException.badRequest("a container name must be specified for pod %s, choose one of: [%s]"
                    .formatted(name, String.join(" ", containers)));
        }
        var container = asked.orElseGet(() -> all.isEmpty() ? "" : all.getFirst());
        if (!all.contains(container)) {
            throw ApiException.badRequest("container %s is not valid for pod %s".formatted(container, name));
        }
        if (pod.at("/spec/nodeName").asText().isEmpty()) {
            throw ApiException.badRequest("pod %s does not have a host assigned".formatted(name));
        }
        requireRun(pod, name, container, previous);
        return container;
    }

    /** A container that waits to be started again still has the log of the run before. */
    private static void requireRun(ObjectNode pod, String name, String container, boolean previous) {
        for (var status : pod.at("/status/containerStatuses")) {
            if (!status.path("name").asText().equals(container)
                    || status.at("/lastState/terminated").isObject()) {
                continue;
            }
            if (previous) {
                throw ApiException.badRequest(
                        "previous terminated container \"%s\" in pod \"%s\" not found".formatted(container, name));
            }
            var reason = status.at("/state/waiting/reason").asText();
            if (!reason.isEmpty()) {
                var why =
                        switch (reason) {
                            case "ErrImagePull", "ImagePullBackOff", "InvalidImageName" ->
                                "trying and failing to pull image";
                            default -> reason;
                        };
                throw ApiException.badRequest(
                        "container \"%s\" in pod \"%s\" is waiting to start: %s".formatted(container, name, why));
            }
        }
    }

    private static List<String> names(JsonNode containers) {
        var names = new ArrayList<String>();
        containers.forEach(container -> names.add(container.path("name").asText()));
        return names;
    }
}
