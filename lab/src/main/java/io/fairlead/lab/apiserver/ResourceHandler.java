package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.Optional;

/** The verbs on resources. */
final class ResourceHandler {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final ObjectStore store;
    private final ServerOptions options;
    private final Watches watches;
    private final Writes writes;

    ResourceHandler(ObjectStore store, ServerOptions options, Watches watches) {
        this.store = store;
        this.options = options;
        this.watches = watches;
        this.writes = new Writes(store, options);
    }

    /** What a path is about: a type, and one object of it or a collection. */
    private record Target(ResourceType type, Optional<String> namespace, Optional<String> name, boolean status) {

        NamespacedName object() {
            return new NamespacedName(namespace.orElse(""), name.orElseThrow());
        }
    }

    void answer(Exchange exchange, ResourcePath path) throws IOException, InterruptedException {
        var target = target(path);
        refuseDryRun(exchange.query());
        switch (exchange.line().method()) {
            case "GET" -> read(exchange, target);
            case "POST" -> {
                requireCollection(exchange, target);
                exchange.send(201, writes.create(target.type(), target.namespace(), objectBody(exchange)));
            }
            case "PUT" -> {
                requireObject(exchange, target);
                exchange.send(
                        200, writes.replace(target.type(), target.object(), target.status(), objectBody(exchange)));
            }
            case "PATCH" -> {
                requireObject(exchange, target);
                exchange.send(
                        200,
                        writes.patch(
                                target.type(),
                                target.object(),
                                target.status(),
                                exchange.contentType(),
                                exchange.body()));
            }
            case "DELETE" -> delete(exchange, target);
            default -> throw ApiException.methodNotAllowed(exchange.line().method());
        }
    }

    private Target target(ResourcePath path) {
        var type = store.types()
                .byPlural(path.group(), path.version(), path.plural())
                .orElseThrow(ApiException::noSuchResource);
        boolean status = path.subresource().isPresent();
        if (status && !(type.hasStatus() && path.subresource().get().equals("status"))
                || path.namespace().isPresent() && !type.namespaced()
                || path.namespace().isEmpty() && path.name().isPresent() && type.namespaced()) {
            throw ApiException.noSuchResource();
        }
        return new Target(type, path.namespace(), path.name(), status);
    }

    private void read(Exchange exchange, Target target) throws IOException, InterruptedException {
        var query = exchange.query();
        if (query.flag("watch")) {
            watch(exchange, target, query);
        } else if (target.name().isPresent()) {
            exchange.send(200, get(target));
        } else {
            var selection = Selection.of(target.type(), target.namespace(), Optional.empty(), query);
            write(exchange, ListRequest.of(query).answer(store, selection));
        }
    }

    private StoredObject get(Target target) {
        return store.get(target.type(), target.object())
                .orElseThrow(() ->
                        ApiException.notFound(target.type(), target.object().name()));
    }

    /** Pages without end: the first one over and over, each with another token. */
    void answerEndlessly(Exchange exchange, ResourcePath path) throws IOException {
        var target = target(path);
        var query = exchange.query();
        var selection = Selection.of(target.type(), target.namespace(), Optional.empty(), query);
        var page = ObjectList.of(
                store.image(),
                selection,
                Optional.empty(),
                query.number("limit").orElse(0));
        write(exchange, page.continuedBy("endless-" + System.nanoTime()));
    }

    private static void write(Exchange exchange, ObjectList list) throws IOException {
        var out = new BufferedOutputStream(exchange.stream(), BUFFER_BYTES);
        list.writeTo(out);
        out.flush();
    }

    private void watch(Exchange exchange, Target target, QueryParameters query)
            throws IOException, InterruptedException {
        var selection = Selection.of(target.type(), target.namespace(), target.name(), query);
        var watch = new Watch(
                store,
                selection,
                WatchRequest.of(target.type(), query, options.streamingLists()),
                options.bookmarkInterval(),
                options.watchTimeout());
        watch.requirePast();
        if (options.goneAsHttpStatus()) {
            watch.requireHistory();
        }
        watches.add(watch);
        try {
            watch.run(exchange.stream());
        } finally {
            watches.remove(watch);
        }
    }

    private void delete(Exchange exchange, Target target) throws IOException {
        if (target.status()) {
            throw ApiException.methodNotAllowed("DELETE");
        }
        var deleteOptions = exchange.optionalBody();
        if (target.name().isEmpty()) {
            deleteCollection(exchange, target);
            return;
        }
        var last = writes.delete(target.type(), target.object(), deleteOptions);
        var answer = Json.object().put("kind", "Status").put("apiVersion", "v1");
        answer.putObject("metadata");
        answer.put("status", "Success");
        answer.putObject("details")
                .put("name", last.name().name())
                .put("group", target.type().group())
                .put("kind", target.type().plural())
                .put("uid", ObjectMeta.text(last.toJson(), "uid"));
        exchange.send(answer);
    }

    private void deleteCollection(Exchange exchange, Target target) throws IOException {
        var selection = Selection.of(target.type(), target.namespace(), Optional.empty(), exchange.query());
        var selected = ObjectList.of(store.image(), selection, Optional.empty(), 0);
        for (var object : selected.items()) {
            try {
                store.delete(object.type(), object.name());
            } catch (ApiException e) {
                if (e.code() != 404) {
                    throw e;
                }
                // Somebody else was faster, to the same end.
            }
        }
        write(exchange, selected);
    }

    private static ObjectNode objectBody(Exchange exchange) throws IOException {
        var contentType = exchange.contentType();
        if (!contentType.isEmpty() && !contentType.equals("application/json")) {
            throw ApiException.unsupportedMediaType(contentType, "application/json");
        }
        return exchange.objectBody();
    }

    /** Better refused than done in earnest. */
    private static void refuseDryRun(QueryParameters query) {
        if (query.get("dryRun").isPresent()) {
            throw ApiException.badRequest("dryRun: this server has none; use the client's own dry run");
        }
    }

    /** New objects go to a namespace's collection if the type has namespaces. */
    private static void requireCollection(Exchange exchange, Target target) {
        if (target.name().isPresent()
                || target.namespace().isEmpty() && target.type().namespaced()) {
            throw ApiException.methodNotAllowed(exchange.line().method());
        }
    }

    private static void requireObject(Exchange exchange, Target target) {
        if (target.name().isEmpty()) {
            throw ApiException.methodNotAllowed(exchange.line().method());
        }
    }
}
