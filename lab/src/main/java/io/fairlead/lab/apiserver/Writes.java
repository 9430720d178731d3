package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** What one request's client may write, and what of it counts. */
final class Writes {

    private static final List<String> SERVER_OWNED =
            List.of("uid", "creationTimestamp", "generation", "resourceVersion");
    private static final String APPLY = "application/apply-patch+yaml";

    private final ObjectStore store;
    private final ServerOptions options;
    private final Exchange exchange;
    private final FieldCheck fields;

    Writes(ObjectStore store, ServerOptions options, Exchange exchange) {
        this.store = store;
        this.options = options;
        this.exchange = exchange;
        this.fields = new FieldCheck(options.schema(), exchange);
    }

    /** Creates an object sent to a collection; its status, if that is a subresource, is dropped. */
    StoredObject create(Target target, ObjectNode object) {
        requireKind(target.shown(), object);
        fields.check(target.shown(), object);
        if (!ObjectMeta.text(object, "resourceVersion").isEmpty()) {
            throw ApiException.badRequest("metadata.resourceVersion: must not be set on an object to be created");
        }
        target.namespace().ifPresent(in -> place(object, in));
        ObjectMeta.of(object).remove(SERVER_OWNED);
        var type = target.stored();
        if (type.hasStatus()) {
            object.remove("status");
        }
        var stored = target.alias().map(alias -> alias.store(object)).orElse(object);
        requireNamespace(type, ObjectMeta.name(type, stored).namespace());
        return store.create(type, stored);
    }

    private void requireNamespace(ResourceType type, String namespace) {
        if (options.requireNamespaces()
                && type.namespaced()
                && store.get(ResourceTypes.NAMESPACES, new NamespacedName("", namespace))
                        .isEmpty()) {
            throw ApiException.notFound(ResourceTypes.NAMESPACES, namespace);
        }
    }

    StoredObject replace(Target target, ObjectNode object) {
        if (target.part() == Target.Part.SCALE) {
            return edit(target, before -> ScaleSubresource.apply(object, before));
        }
        requireKind(target.shown(), object);
        fields.check(target.shown(), object);
        return edit(
                target, _ -> target.alias().map(alias -> alias.store(object)).orElse(object));
    }

    /** Patches an object; the patch is the request's body. */
    StoredObject patch(Target target, String contentType) throws IOException {
        if (contentType.equals(APPLY)) {
            return apply(target);
        }
        var patch = exchange.body();
        UnaryOperator<JsonNode> change =
                switch (contentType) {
                    case "application/merge-patch+json" -> before -> MergePatch.apply(before, patch);
                    case "application/strategic-merge-patch+json" ->
                        before -> StrategicMergePatch.apply(before, patch.deepCopy());
                    case "application/json-patch+json" -> before -> JsonPatch.apply(before, patch);
                    default ->
                        throw ApiException.unsupportedMediaType(
                                contentType,
                                "application/merge-patch+json, application/strategic-merge-patch+json or"
                                        + " application/json-patch+json");
                };
        if (target.part() == Target.Part.SCALE) {
            return edit(target, before -> {
                var scale = object(change.apply(ScaleSubresource.of(before)));
                return ScaleSubresource.apply(scale, before);
            });
        }
        return edit(target, before -> {
            var shown = target.alias().map(alias -> alias.show(before)).orElse(before);
            var after = object(change.apply(shown));
            fields.check(target.shown(), after);
            return target.alias().map(alias -> alias.store(after)).orElse(after);
        });
    }

    /** Server-side apply. */
    private StoredObject apply(Target target) throws IOException {
        var schema = options.schema()
                .orElseThrow(() -> ApiException.unsupportedMediaType(APPLY, "one of the other kinds of patch"));
        if (target.part() == Target.Part.SCALE || target.alias().isPresent()) {
            throw ApiException.unsupportedMediaType(APPLY, "one of the other kinds of patch");
        }
        var applied = exchange.yamlBody();
        requireKind(target.shown(), applied);
        fields.check(target.shown(), applied);
        var apply = ServerSideApply.of(schema, target.shown(), exchange.query(), applied);
        if (store.get(target.stored(), target.object()).isEmpty() && target.part() == Target.Part.WHOLE) {
            target.namespace().ifPresent(in -> place(applied, in));
            ObjectMeta.of(applied).put("name", target.object().name());
            return create(target, apply.onto(Json.object()));
        }
        return edit(target, apply::onto);
    }

    private static ObjectNode object(JsonNode patched) {
        if (patched instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("patch: the result is not an object");
    }

    /** @param deleteOptions DeleteOptions; its preconditions must hold */
    StoredObject delete(ResourceType type, NamespacedName name, ObjectNode deleteOptions) {
        return store.delete(type, name, deleteOptions);
    }

    private StoredObject edit(Target target, UnaryOperator<ObjectNode> change) {
        var type = target.stored();
        return store.edit(type, target.object(), stored -> {
            var before = stored.deepCopy();
            var after = change.apply(stored);
            if (target.part() == Target.Part.STATUS) {
                // The version sent is still a precondition; nothing else of the metadata counts.
                ObjectMeta.of(before).put("resourceVersion", ObjectMeta.text(after, "resourceVersion"));
                return copyStatus(after, before);
            }
            return type.hasStatus() ? copyStatus(before, after) : after;
        });
    }

    private static ObjectNode copyStatus(ObjectNode from, ObjectNode to) {
        if (from.has("status")) {
            to.set("status", from.get("status"));
        } else {
            to.remove("status");
        }
        return to;
    }

    private static void place(ObjectNode object, String namespace) {
        var said = ObjectMeta.text(object, "namespace");
        if (!said.isEmpty() && !said.equals(namespace)) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        ObjectMeta.of(object).put("namespace", namespace);
    }

    private static void requireKind(ResourceType type, ObjectNode object) {
        var kind = object.path("kind").asText("");
        var apiVersion = object.path("apiVersion").asText("");
        if (!kind.isEmpty() && !kind.equals(type.kind())
                || !apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion())) {
            throw ApiException.badRequest("%s of %s cannot be written to %s; use %s of %s"
                    .formatted(kind, apiVersion, type.path(), type.kind(), type.apiVersion()));
        }
    }
}
