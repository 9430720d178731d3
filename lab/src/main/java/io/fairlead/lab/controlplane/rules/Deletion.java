package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/** How objects end: at once, after a grace period, or when everybody who holds a finalizer has let go. */
final class Deletion {

    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private Deletion() {}

    /** @return the object as it waits; empty if it need not */
    static Optional<ObjectNode> begin(ResourceType type, ObjectNode object, JsonNode options, Instant now) {
        var name = ObjectMeta.text(object, "name");
        if (type.equals(ResourceTypes.NAMESPACES)) {
            if (IMMORTAL.contains(name)) {
                throw ApiException.forbidden(type, name, "this namespace may not be deleted");
            }
            object.withObjectProperty("status").put("phase", "Terminating");
        }
        switch (options.path("propagationPolicy").asText("")) {
            case "Foreground" -> addFinalizer(object, FOREGROUND);
            case "Orphan" -> addFinalizer(object, ORPHAN);
            default -> {}
        }
        long grace = type.equals(ResourceTypes.PODS) ? grace(object, options) : 0;
        mark(object, grace, now);
        return isFinished(object) ? Optional.empty() : Optional.of(object);
    }

    /** Sets the time at which it ends; a grace period that runs already can only become shorter. */
    private static void mark(ObjectNode object, long grace, Instant now) {
        var metadata = ObjectMeta.of(object);
        boolean begun = metadata.path("deletionTimestamp").isTextual();
        if (begun && metadata.path("deletionGracePeriodSeconds").asLong() <= grace) {
            return;
        }
        metadata.put(
                "deletionTimestamp",
                now.plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.put("deletionGracePeriodSeconds", grace);
    }

    private static long grace(ObjectNode pod, JsonNode options) {
        boolean runs = !pod.at("/spec/nodeName").asText("").isEmpty()
                && !Set.of("Succeeded", "Failed")
                        .contains(pod.at("/status/phase").asText());
        if (!runs) {
            return 0;
        }
        var asked = options.path("gracePeriodSeconds");
        return Math.max(
                0,
                asked.isNumber()
                        ? asked.asLong()
                        : pod.at("/spec/terminationGracePeriodSeconds").asLong(30));
    }

    private static void addFinalizer(ObjectNode object, String finalizer) {
        var finalizers = ObjectMeta.of(object).withArrayProperty("finalizers");
        for (var present : finalizers) {
            if (present.asText().equals(finalizer)) {
                return;
            }
        }
        finalizers.add(finalizer);
    }

    /** Whether nothing is left to wait for. */
    static boolean isFinished(ObjectNode object) {
        var metadata = object.path("metadata");
        return metadata.path("deletionTimestamp").isTextual()
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0
                && metadata.path("finalizers").isEmpty()
                && object.at("/spec/finalizers").isEmpty();
    }

    /** An end that has been set cannot be taken back. */
    static void keepMark(ObjectNode before, ObjectNode after) {
        var metadata = ObjectMeta.of(after);
        for (var field : new String[] {"deletionTimestamp", "deletionGracePeriodSeconds"}) {
            var kept = before.path("metadata").path(field);
            if (kept.isMissingNode()) {
                metadata.remove(field);
            } else {
                metadata.set(field, kept);
            }
        }
    }
}
