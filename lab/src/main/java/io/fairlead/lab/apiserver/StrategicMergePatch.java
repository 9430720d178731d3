package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Strategic merge patch: a merge patch that knows which lists are sets of objects with a key, and merges those by key; all
 * other lists are replaced.
 *
 * <p>Keys are those of the API types' {@code patchMergeKey}, for the lists of Services, Pods, Nodes and their templates.
 * Directives: {@code $patch: delete|replace}, {@code $deleteFromPrimitiveList}, {@code $retainKeys}; {@code
 * $setElementOrder} is ignored, an order nobody here depends on.
 */
final class StrategicMergePatch {

    private static final Map<String, String> MERGE_KEYS = Map.ofEntries(
            Map.entry("spec.ports", "port"),
            Map.entry("containers.ports", "containerPort"),
            Map.entry("initContainers.ports", "containerPort"),
            Map.entry("spec.containers", "name"),
            Map.entry("spec.initContainers", "name"),
            Map.entry("containers.env", "name"),
            Map.entry("initContainers.env", "name"),
            Map.entry("containers.volumeMounts", "mountPath"),
            Map.entry("initContainers.volumeMounts", "mountPath"),
            Map.entry("spec.volumes", "name"),
            Map.entry("spec.imagePullSecrets", "name"),
            Map.entry("metadata.ownerReferences", "uid"),
            Map.entry("status.conditions", "type"),
            Map.entry("status.addresses", "type"),
            Map.entry("status.podIPs", "ip"),
            Map.entry("status.hostIPs", "ip"));
    // Lists of plain values that are merged as sets.
    private static final List<String> VALUE_SETS = List.of("metadata.finalizers", "spec.podCIDRs");
    private static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";

    private StrategicMergePatch() {}

    /** The patched tree; {@code target} may be changed. */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        return merge(target, patch, "");
    }

    /** @param parent the name of the field that holds the two */
    private static JsonNode merge(JsonNode target, JsonNode patch, String parent) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        if (directive(changes).equals("replace")) {
            changes.remove("$patch");
            return changes;
        }
        if (directive(changes).equals("delete")) {
            return Json.object();
        }
        var result = target instanceof ObjectNode object ? object : Json.object();
        retainKeys(result, changes);
        for (var change : changes.properties()) {
            mergeField(result, change.getKey(), change.getValue(), parent);
        }
        return result;
    }

    private static void mergeField(ObjectNode result, String field, JsonNode change, String parent) {
        if (field.startsWith(DELETE_FROM_LIST)) {
            var list = result.path(field.substring(DELETE_FROM_LIST.length()));
            change.forEach(value -> removeValue(list, value));
        } else if (field.startsWith("$")) {
            return;
        } else if (change.isNull()) {
            result.remove(field);
        } else if (change instanceof ArrayNode changes) {
            result.set(field, mergeList(result.path(field), changes, parent + "." + field, field));
        } else {
            result.set(field, merge(result.path(field), change, field));
        }
    }

    private static JsonNode mergeList(JsonNode target, ArrayNode changes, String path, String field) {
        var key = MERGE_KEYS.get(path);
        var result = target instanceof ArrayNode array ? array : changes.arrayNode();
        if (VALUE_SETS.contains(path)) {
            changes.forEach(value -> {
                removeValue(result, value);
                result.add(value);
            });
            return result;
        }
        if (key == null) {
            return changes;
        }
        for (var change : changes) {
            if (directive(change).equals("replace")) {
                return withoutDirectives(changes);
            }
            mergeElement(result, change, key, field);
        }
        return result;
    }

    private static void mergeElement(ArrayNode list, JsonNode change, String key, String field) {
        if (!change.has(key)) {
            throw ApiException.badRequest(
                    "strategic merge patch: %s in %s has no \"%s\"".formatted(change, field, key));
        }
        var index = indexOf(list, key, change.get(key));
        if (directive(change).equals("delete")) {
            index.ifPresent(list::remove);
        } else if (index.isPresent()) {
            list.set(index.get(), merge(list.get(index.get()), change, field));
        } else {
            list.add(merge(Json.object(), change, field));
        }
    }

    private static Optional<Integer> indexOf(ArrayNode list, String key, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).path(key).equals(value)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private static ArrayNode withoutDirectives(ArrayNode list) {
        var result = list.arrayNode();
        for (var element : list) {
            if (!element.has("$patch")) {
                result.add(element);
            }
        }
        return result;
    }

    private static void removeValue(JsonNode list, JsonNode value) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).equals(value) && list instanceof ArrayNode array) {
                array.remove(i);
            }
        }
    }

    private static void retainKeys(ObjectNode target, ObjectNode patch) {
        if (patch.path("$retainKeys") instanceof ArrayNode names) {
            var kept = new ArrayList<String>();
            names.forEach(name -> kept.add(name.asText()));
            target.retain(kept);
        }
    }

    private static String directive(JsonNode patch) {
        return patch.path("$patch").asText("");
    }
}
