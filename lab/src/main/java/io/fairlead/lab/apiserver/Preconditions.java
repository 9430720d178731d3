package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What must hold before an object is overwritten or deleted. */
final class Preconditions {

    private Preconditions() {}

    /** Same name and namespace; same uid and resource version where the new state states them. */
    static void check(StoredObject stored, ObjectNode old, ObjectNode after) {
        for (var field : new String[] {"name", "namespace"}) {
            var was = ObjectMeta.text(old, field);
            var is = ObjectMeta.text(after, field);
            if (!is.isEmpty() && !is.equals(was)) {
                throw ApiException.badRequest("metadata.%s: \"%s\" cannot become \"%s\"".formatted(field, was, is));
            }
        }
        ObjectMeta.of(after).put("name", ObjectMeta.text(old, "name"));
        require(stored, old, after.path("metadata"));
    }

    /**
     * @param stated {@code uid} and {@code resourceVersion}, each optional: an object's metadata or the preconditions of
     *     DeleteOptions
     */
    static void require(StoredObject stored, ObjectNode old, JsonNode stated) {
        for (var field : new String[] {"uid", "resourceVersion"}) {
            var was = ObjectMeta.text(old, field);
            var is = stated.path(field).asText("");
            if (!is.isEmpty() && !is.equals(was)) {
                throw ApiException.conflict(
                        stored.type(),
                        stored.name().name(),
                        "the object has been modified: %s is \"%s\", not \"%s\"; read it again and retry"
                                .formatted(field, was, is));
            }
        }
    }
}
