package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fields as sets of paths, in the notation of managedFields: {@code f:name} for a field, {@code k:{"port":80}} for an
 * element of a list that is a map, {@code v:"value"} for one of a set.
 *
 * <p>Lists that are neither are one value. Specified by sigs.k8s.io/structured-merge-diff, fieldpath.
 */
record OwnedFields(Schema schema, ResourceType type) {

    static final Comparator<List<String>> ORDER = Comparator.comparing(path -> String.join("\u0000", path));
    // What identifies an object is nobody's.
    private static final Set<String> IDENTITY = Set.of(
            "f:apiVersion", "f:kind", "f:metadata\u0000f:name", "f:metadata\u0000f:namespace", "f:metadata\u0000f:uid");

    /** The leaves of an applied object. */
    Set<List<String>> of(ObjectNode applied) {
        var paths = new TreeSet<>(ORDER);
        collect(applied, List.of(), paths);
        paths.removeIf(path -> IDENTITY.contains(String.join("\u0000", path)));
        return paths;
    }

    private void collect(JsonNode node, List<String> path, Set<List<String>> paths) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            object.properties().forEach(entry -> collect(entry.getValue(), with(path, "f:" + entry.getKey()), paths));
        } else if (node instanceof ArrayNode array && isSet(path)) {
            array.forEach(value -> paths.add(with(path, "v:" + value)));
        } else if (node instanceof ArrayNode array && !keys(path).isEmpty()) {
            for (var element : array) {
                var at = with(path, "k:" + key(element, keys(path)));
                paths.add(at);
                collect(element, at, paths);
            }
        } else {
            paths.add(path);
        }
    }

    /** Merges what is applied into an object. */
    void merge(ObjectNode into, ObjectNode applied) {
        mergeObject(into, applied, List.of());
    }

    private void mergeObject(ObjectNode into, JsonNode applied, List<String> path) {
        for (var entry : applied.properties()) {
            var at = with(path, "f:" + entry.getKey());
            into.set(entry.getKey(), merged(into.path(entry.getKey()), entry.getValue(), at));
        }
    }

    private JsonNode merged(JsonNode old, JsonNode applied, List<String> at) {
        if (applied instanceof ObjectNode object && old instanceof ObjectNode target) {
            mergeObject(target, object, at);
            return target;
        }
        if (applied instanceof ArrayNode list && old instanceof ArrayNode target && isSet(at)) {
            list.forEach(value -> {
                if (indexOf(target, value) < 0) {
                    target.add(value);
                }
            });
            return target;
        }
        var keys = keys(at);
        if (applied instanceof ArrayNode list && old instanceof ArrayNode target && !keys.isEmpty()) {
            for (var element : list) {
                var step = "k:" + key(element, keys);
                var present = child(target, step, with(at, step));
                if (present instanceof ObjectNode object) {
                    mergeObject(object, element, with(at, step));
                } else {
                    target.add(element.deepCopy());
                }
            }
            return target;
        }
        return applied.deepCopy();
    }

    /** What is at a path; missing if nothing. */
    JsonNode at(JsonNode object, List<String> path) {
        var node = object;
        for (int i = 0; i < path.size(); i++) {
            node = child(node, path.get(i), path.subList(0, i + 1));
        }
        return path.getLast().startsWith("k:") ? MissingNode.getInstance() : node;
    }

    /** Takes out what is at a path. */
    void remove(ObjectNode object, List<String> path) {
        JsonNode parent = object;
        for (int i = 0; i < path.size() - 1; i++) {
            parent = child(parent, path.get(i), path.subList(0, i + 1));
        }
        var child = child(parent, path.getLast(), path);
        if (parent instanceof ObjectNode holder) {
            holder.remove(path.getLast().substring(2));
        } else if (parent instanceof ArrayNode list && indexOf(list, child) >= 0) {
            list.remove(indexOf(list, child));
        }
    }

    private JsonNode child(JsonNode node, String step, List<String> path) {
        if (step.startsWith("f:")) {
            return node.path(step.substring(2));
        }
        var keys = keys(path.subList(0, path.size() - 1));
        for (var element : node) {
            var name = step.startsWith("v:") ? "v:" + element : "k:" + key(element, keys);
            if (name.equals(step)) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    private static int indexOf(ArrayNode list, JsonNode value) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).equals(value)) {
                return i;
            }
        }
        return -1;
    }

    private List<String> keys(List<String> path) {
        return schema.listKeys(type.apiVersion(), type.kind(), fieldsOf(path));
    }

    private static boolean isSet(List<String> path) {
        return path.equals(List.of("f:metadata", "f:finalizers"));
    }

    private static List<String> fieldsOf(List<String> path) {
        return path.stream()
                .filter(step -> step.startsWith("f:"))
                .map(step -> step.substring(2))
                .toList();
    }

    private static String key(JsonNode element, List<String> keys) {
        var key = Json.object();
        for (var name : keys) {
            // The one key that has a default.
            var value = element.path(name);
            key.set(name, value.isMissingNode() && name.equals("protocol") ? Json.text("TCP") : value);
        }
        return key.toString();
    }

    private static List<String> with(List<String> path, String step) {
        var longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    /** Paths from fieldsV1. */
    static Set<List<String>> read(JsonNode fieldsV1) {
        var paths = new TreeSet<>(ORDER);
        read(fieldsV1, List.of(), paths);
        return paths;
    }

    private static void read(JsonNode node, List<String> path, Set<List<String>> paths) {
        if (node.isEmpty() || node.has(".")) {
            paths.add(path);
        }
        for (var entry : node.properties()) {
            if (!entry.getKey().equals(".")) {
                read(entry.getValue(), with(path, entry.getKey()), paths);
            }
        }
    }

    /** Paths as fieldsV1. */
    static ObjectNode write(Set<List<String>> paths) {
        var fields = Json.object();
        for (var path : paths) {
            var at = fields;
            for (var step : path) {
                at = at.withObjectProperty(step);
            }
            if (path.getLast().startsWith("k:")) {
                at.putObject(".");
            }
        }
        return fields;
    }
}
