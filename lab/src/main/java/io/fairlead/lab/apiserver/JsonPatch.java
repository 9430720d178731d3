package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON patch, RFC 6902. */
final class JsonPatch {

    private JsonPatch() {}

    /**
     * The patched tree; {@code target} may be changed.
     *
     * @throws ApiException 400 naming the operation that cannot be done
     */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isArray()) {
            throw ApiException.badRequest("JSON patch: " + patch + " is not an array of operations");
        }
        var result = target;
        for (var operation : patch) {
            result = step(result, operation);
        }
        return result;
    }

    private static JsonNode step(JsonNode root, JsonNode operation) {
        var path = pointer(operation, "path");
        switch (operation.path("op").asText()) {
            case "add" -> add(root, path, value(operation), operation);
            case "remove" -> remove(root, path, operation);
            case "replace" -> {
                remove(root, path, operation);
                add(root, path, value(operation), operation);
            }
            case "move" -> {
                var moved = remove(root, pointer(operation, "from"), operation);
                add(root, path, moved, operation);
            }
            case "copy" -> {
                var copied = root.at(pointer(operation, "from")).deepCopy();
                require(!copied.isMissingNode(), operation, "\"from\" does not exist");
                add(root, path, copied, operation);
            }
            case "test" -> require(root.at(path).equals(value(operation)), operation, "the value differs");
            default -> require(false, operation, "no such op");
        }
        return root;
    }

    private static void add(JsonNode root, JsonPointer path, JsonNode value, JsonNode operation) {
        require(path.length() > 0, operation, "the whole object cannot be written");
        var key = path.last().getMatchingProperty();
        switch (root.at(path.head())) {
            case ObjectNode object -> object.set(key, value);
            case ArrayNode array -> {
                int index = key.equals("-") ? array.size() : path.last().getMatchingIndex();
                require(index >= 0 && index <= array.size(), operation, "no such index");
                array.insert(index, value);
            }
            default -> require(false, operation, "its parent does not exist");
        }
    }

    private static JsonNode remove(JsonNode root, JsonPointer path, JsonNode operation) {
        var value = root.at(path);
        require(path.length() > 0 && !value.isMissingNode(), operation, "the path does not exist");
        switch (root.at(path.head())) {
            case ObjectNode object -> object.remove(path.last().getMatchingProperty());
            case ArrayNode array -> array.remove(path.last().getMatchingIndex());
            default -> require(false, operation, "its parent does not exist");
        }
        return value;
    }

    private static JsonNode value(JsonNode operation) {
        require(operation.has("value"), operation, "it has no \"value\"");
        return operation.get("value").deepCopy();
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        try {
            return JsonPointer.compile(operation.path(field).asText());
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("JSON patch " + operation + ": \"" + field + "\" is not a JSON pointer");
        }
    }

    private static void require(boolean holds, JsonNode operation, String otherwise) {
        if (!holds) {
            throw ApiException.badRequest("JSON patch " + operation + ": " + otherwise);
        }
    }
}
