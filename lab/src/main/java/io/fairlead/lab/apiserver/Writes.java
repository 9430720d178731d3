package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What clients may write, and what of it counts. */
final class Writes {

    private static final List<String> SERVER_OWNED =
            List.of("uid", "creationTimestamp", "generation", "resourceVersion");

    private final ObjectStore store;
    private final ServerOptions options;

    Writes(ObjectStore store, ServerOptions options) {
        this.store = store;
        this.options = options;
    }

    /** Creates an object sent to a collection; its status, if that is a subresource, is dropped. */
    StoredObject create(ResourceType type, Optional<String> namespace, ObjectNode object) {
        requireKind(type, object);
        if (!ObjectMeta.text(object, "resourceVersion").isEmpty()) {
            throw ApiException.badRequest("metadata.resourceVersion: must not be set on an object to be created");
        }
        namespace.ifPresent(in -> place(object, in));
        ObjectMeta.of(object).remove(SERVER_OWNED);
        if (type.hasStatus()) {
            object.remove("status");
        }
        var in = ObjectMeta.name(type, object).namespace();
        if (options.requireNamespaces()
                && type.namespaced()
                && store.get(ResourceTypes.NAMESPACES, new NamespacedName("", in))
                        .isEmpty()) {
            throw ApiException.notFound(ResourceTypes.NAMESPACES, in);
        }
        return store.create(type, object);
    }

    /** @param status whether the write goes to the status subresource */
    StoredObject replace(ResourceType type, NamespacedName name, boolean status, ObjectNode object) {
        requireKind(type, object);
        return edit(type, name, status, _ -> object);
    }

    /** Patches an object. */
    StoredObject patch(ResourceType type, NamespacedName name, boolean status, String contentType, JsonNode patch) {
        UnaryOperator<JsonNode> change =
                switch (contentType) {
                    case "application/merge-patch+json" -> target -> MergePatch.apply(target, patch);
                    case "application/strategic-merge-patch+json" ->
                        target -> StrategicMergePatch.apply(target, patch.deepCopy());
                    case "application/json-patch+json" -> target -> JsonPatch.apply(target, patch);
                    default ->
                        throw ApiException.unsupportedMediaType(
                                contentType,
                                "application/merge-patch+json, application/strategic-merge-patch+json or"
                                        + " application/json-patch+json");
                };
        return edit(type, name, status, before -> {
            if (change.apply(before) instanceof ObjectNode after) {
                return after;
            }
            throw ApiException.badRequest("patch: the result is not an object");
        });
    }

    /** @param options DeleteOptions; its preconditions must hold */
    StoredObject delete(ResourceType type, NamespacedName name, ObjectNode options) {
        var preconditions = options.path("preconditions");
        if (!preconditions.isEmpty()) {
            var stored = store.get(type, name).orElseThrow(() -> ApiException.notFound(type, name.name()));
            Preconditions.require(stored, stored.toJson(), preconditions);
        }
        return store.delete(type, name);
    }

    private StoredObject edit(
            ResourceType type, NamespacedName name, boolean status, UnaryOperator<ObjectNode> change) {
        return store.edit(type, name, stored -> {
            var before = stored.deepCopy();
            var after = change.apply(stored);
            if (status) {
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
                    "metadata.namespace: \"%s\" is not the path's namespace \"%s\"".formatted(said, namespace));
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
