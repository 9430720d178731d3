package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.schema.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Server-side apply: what a manager applies is merged in, what it applied before and no longer does is taken out, and what
 * another manager has applied differently is a conflict.
 *
 * <p>Managers are known by what they apply; fields written in other ways have no owner here.
 */
final class ServerSideApply {

    private static final String TYPE = "FieldsV1";

    private final OwnedFields fields;
    private final String manager;
    private final boolean force;
    private final ObjectNode applied;

    private ServerSideApply(OwnedFields fields, String manager, boolean force, ObjectNode applied) {
        this.fields = fields;
        this.manager = manager;
        this.force = force;
        this.applied = applied;
    }

    /** @throws ApiException 400 without a field manager or with managed fields in the object */
    static ServerSideApply of(Schema schema, ResourceType type, QueryParameters query, ObjectNode applied) {
        var manager = query.get("fieldManager")
                .orElseThrow(() -> ApiException.badRequest("fieldManager is required for apply patch"));
        if (!applied.at("/metadata/managedFields").isEmpty()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        return new ServerSideApply(new OwnedFields(schema, type), manager, query.flag("force"), applied);
    }

    /** The object with this applied; {@code current} may be changed. */
    ObjectNode onto(ObjectNode current) {
        var before = current.deepCopy();
        var managers = current.path("metadata").path("managedFields");
        var mine = fields.of(applied);
        Set<List<String>> mineBefore = new TreeSet<>(OwnedFields.ORDER);
        Set<List<String>> theirs = new TreeSet<>(OwnedFields.ORDER);
        var conflicts = new ArrayList<String>();
        var kept = current.arrayNode();
        for (var entry : managers) {
            if (entry.path("manager").asText().equals(manager)) {
                mineBefore.addAll(OwnedFields.read(entry.path("fieldsV1")));
                continue;
            }
            var owned = OwnedFields.read(entry.path("fieldsV1"));
            var contested = owned.stream()
                    .filter(mine::contains)
                    .filter(path -> !fields.at(before, path).equals(fields.at(applied, path)))
                    .toList();
            contested.forEach(path -> conflicts.add(
                    "conflict with \"%s\": %s".formatted(entry.path("manager").asText(), text(path))));
            owned.removeAll(force ? contested : List.of());
            theirs.addAll(owned);
            kept.add(withFields((ObjectNode) entry.deepCopy(), owned));
        }
        if (!conflicts.isEmpty() && !force) {
            throw ApiException.applyConflict(conflicts);
        }
        fields.merge(current, applied);
        mineBefore.stream()
                .filter(path -> !mine.contains(path) && !theirs.contains(path))
                .forEach(path -> fields.remove(current, path));
        kept.add(withFields(entry(), mine));
        ObjectMeta.of(current).set("managedFields", kept);
        return current;
    }

    private ObjectNode entry() {
        return Json.object()
                .put("manager", manager)
                .put("operation", "Apply")
                .put("apiVersion", applied.path("apiVersion").asText())
                .put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("fieldsType", TYPE);
    }

    private static JsonNode withFields(ObjectNode entry, Set<List<String>> owned) {
        entry.set("fieldsV1", OwnedFields.write(owned));
        return entry;
    }

    private static String text(List<String> path) {
        var text = new StringBuilder();
        for (var step : path) {
            text.append(step.startsWith("f:") ? "." + step.substring(2) : "[" + step.substring(2) + "]");
        }
        return text.toString();
    }
}
