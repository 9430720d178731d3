package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The verbs on resources. */
final class ResourceHandler {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final List<String> FORMS = List.of("Table/v1", "PartialObjectMetadata/v1");
    private static final List<String> LIST_FORMS = List.of("Table/v1", "PartialObjectMetadataList/v1");

    private final ObjectStore store;
    private final ServerOptions options;
    private final Watches watches;
    private final LogHandler logs;

    ResourceHandler(ObjectStore store, ServerOptions options, Watches watches) {
        this.store = store;
        this.options = options;
        this.watches = watches;
        this.logs = new LogHandler(store, options.logs());
    }

    void answer(Exchange exchange, ResourcePath path) throws IOException, InterruptedException {
        var target = Target.of(path, store.types(), options);
        switch (exchange.line().method()) {
            case "GET" -> read(exchange, target);
            case "POST" -> {
                requireCollection(exchange, target);
                var body = exchange.encodedBody(options.schema());
                send(exchange, 201, target, writes(exchange).create(target, body));
            }
            case "PUT" -> {
                requireObject(exchange, target);
                var body = exchange.encodedBody(options.schema());
                send(exchange, 200, target, writes(exchange).replace(target, body));
            }
            case "PATCH" -> {
                requireObject(exchange, target);
                patch(exchange, target);
            }
            case "DELETE" -> delete(exchange, target);
            default -> throw ApiException.methodNotAllowed(exchange.line().method());
        }
    }

    /** Where this request's writes go: in a dry run to a copy. */
    private Writes writes(Exchange exchange) {
        var dryRun = exchange.query().get("dryRun");
        if (dryRun.isPresent() && !dryRun.get().equals("All")) {
            throw ApiException.badRequest("dryRun: \"" + dryRun.get() + "\" is not supported; supported: \"All\"");
        }
        return new Writes(dryRun.isPresent() ? store.scratch() : store, options, exchange);
    }

    private void read(Exchange exchange, Target target) throws IOException, InterruptedException {
        var query = exchange.query();
        if (target.part() == Target.Part.LOG) {
            logs.answer(exchange, target);
        } else if (query.flag("watch")) {
            watch(exchange, target, query);
        } else if (target.name().isPresent()) {
            get(exchange, target);
        } else {
            var selection = selection(target, Optional.empty(), query);
            var list = ListRequest.of(query).answer(store, selection);
            write(exchange, rendering(exchange, target, LIST_FORMS), list);
        }
    }

    private void get(Exchange exchange, Target target) throws IOException {
        var object = store.get(target.stored(), target.object())
                .orElseThrow(() ->
                        ApiException.notFound(target.shown(), target.object().name()));
        if (target.part() == Target.Part.SCALE) {
            exchange.send(ScaleSubresource.of(object.toJson()));
        } else {
            exchange.send(200, object, rendering(exchange, target, FORMS));
        }
    }

    private static void send(Exchange exchange, int status, Target target, StoredObject object) throws IOException {
        if (target.part() == Target.Part.SCALE) {
            exchange.send(ScaleSubresource.of(object.toJson()));
        } else {
            exchange.send(status, object, plain(target));
        }
    }

    private void patch(Exchange exchange, Target target) throws IOException {
        var patched = writes(exchange).patch(target, exchange.contentType());
        send(exchange, 200, target, patched);
    }

    private static Rendering plain(Target target) {
        return target.alias()
                .<Rendering>map(Rendering.Converted::new)
                .orElseGet(() -> new Rendering.Plain(target.shown()));
    }

    /** The form the client asks for, if it can be had. */
    private Rendering rendering(Exchange exchange, Target target, List<String> forms) {
        var form = exchange.accept().first("meta.k8s.io", forms);
        var table = options.tables().apply(target.stored());
        if (form.isEmpty() || target.part() == Target.Part.SCALE) {
            return plain(target);
        }
        if (!form.get().startsWith("Table/")) {
            return new Rendering.MetadataOnly(target.shown());
        }
        var includeObject = exchange.query().get("includeObject").orElse("Metadata");
        return table.<Rendering>map(t -> new Rendering.AsTable(target.shown(), t, plain(target), includeObject))
                .orElseGet(() -> plain(target));
    }

    private static Selection selection(Target target, Optional<String> name, QueryParameters query) {
        return Selection.of(target.stored(), target.namespace(), name, query);
    }

    /** Pages without end: the first one over and over, each with another token. */
    void answerEndlessly(Exchange exchange, ResourcePath path) throws IOException {
        var target = Target.of(path, store.types(), options);
        var query = exchange.query();
        var page = ObjectList.of(
                store.image(),
                selection(target, Optional.empty(), query),
                Optional.empty(),
                query.number("limit").orElse(0));
        write(exchange, plain(target), page.continuedBy("endless-" + System.nanoTime()));
    }

    private static void write(Exchange exchange, Rendering rendering, ObjectList list) throws IOException {
        var out = new BufferedOutputStream(exchange.stream(), BUFFER_BYTES);
        rendering.list(list, out);
        out.flush();
    }

    private void watch(Exchange exchange, Target target, QueryParameters query)
            throws IOException, InterruptedException {
        var watch = new Watch(
                store,
                selection(target, target.name(), query),
                rendering(exchange, target, LIST_FORMS),
                WatchRequest.of(target.shown(), query, options.streamingLists()),
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
        if (target.part() != Target.Part.WHOLE) {
            throw ApiException.methodNotAllowed("DELETE");
        }
        var deleteOptions = deleteOptions(exchange);
        if (target.name().isEmpty()) {
            deleteCollection(exchange, target, deleteOptions);
            return;
        }
        var last = writes(exchange).delete(target.stored(), target.object(), deleteOptions);
        if (store.get(target.stored(), target.object())
                .filter(now -> now == last)
                .isPresent()) {
            // It waits for its end.
            exchange.send(200, last, plain(target));
        } else {
            exchange.send(success(target, last));
        }
    }

    /** What is asked for in the query counts as if it were in the body. */
    private ObjectNode deleteOptions(Exchange exchange) throws IOException {
        var deleteOptions = exchange.optionalBody(options.schema());
        var query = exchange.query();
        query.number("gracePeriodSeconds").ifPresent(seconds -> deleteOptions.put("gracePeriodSeconds", seconds));
        query.get("propagationPolicy").ifPresent(policy -> deleteOptions.put("propagationPolicy", policy));
        return deleteOptions;
    }

    private static ObjectNode success(Target target, StoredObject last) {
        var answer = Json.object().put("kind", "Status").put("apiVersion", "v1");
        answer.putObject("metadata");
        answer.put("status", "Success");
        answer.putObject("details")
                .put("name", last.name().name())
                .put("group", target.shown().group())
                .put("kind", target.shown().plural())
                .put("uid", ObjectMeta.text(last.toJson(), "uid"));
        return answer;
    }

    private void deleteCollection(Exchange exchange, Target target, ObjectNode deleteOptions) throws IOException {
        var selection = selection(target, Optional.empty(), exchange.query());
        var selected = ObjectList.of(store.image(), selection, Optional.empty(), 0);
        var writes = writes(exchange);
        for (var object : selected.items()) {
            try {
                writes.delete(object.type(), object.name(), deleteOptions);
            } catch (ApiException e) {
                if (e.code() != 404) {
                    throw e;
                }
                // Somebody else was faster, to the same end.
            }
        }
        write(exchange, plain(target), selected);
    }

    /** New objects go to a namespace's collection if the type has namespaces. */
    private static void requireCollection(Exchange exchange, Target target) {
        if (target.name().isPresent()
                || target.namespace().isEmpty() && target.shown().namespaced()) {
            throw ApiException.methodNotAllowed(exchange.line().method());
        }
    }

    private static void requireObject(Exchange exchange, Target target) {
        if (target.name().isEmpty() || target.part() == Target.Part.LOG) {
            throw ApiException.methodNotAllowed(exchange.line().method());
        }
    }
}
