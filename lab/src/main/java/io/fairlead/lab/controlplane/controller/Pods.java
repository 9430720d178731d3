package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreImage;
import io.fairlead.lab.apiserver.StoredObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Questions about pods. */
final class Pods {

    private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");

    private Pods() {}

    static Stream<StoredObject> in(StoreImage image, String namespace) {
        return image.objects(ResourceTypes.PODS, namespace).stream();
    }

    /** Its containers have ended and will not run again. */
    static boolean isTerminal(JsonNode pod) {
        return TERMINAL.contains(pod.at("/status/phase").asText());
    }

    static boolean isTerminating(JsonNode object) {
        return object.at("/metadata/deletionTimestamp").isTextual();
    }

    static boolean isReady(JsonNode pod) {
        return condition(pod, "Ready")
                .filter(condition -> condition.path("status").asText().equals("True"))
                .isPresent();
    }

    /** Ready for at least this long. */
    static boolean isAvailable(JsonNode pod, long minReadySeconds, Instant now) {
        return isReady(pod)
                && readySince(pod)
                        .filter(since -> !since.plusSeconds(minReadySeconds).isAfter(now))
                        .isPresent();
    }

    private static Optional<Instant> readySince(JsonNode pod) {
        return condition(pod, "Ready")
                .flatMap(condition -> time(condition.path("lastTransitionTime")))
                .or(() -> Optional.of(Instant.EPOCH));
    }

    static Optional<JsonNode> condition(JsonNode object, String type) {
        for (var condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    static Optional<Instant> time(JsonNode value) {
        try {
            return value.isTextual() ? Optional.of(Instant.parse(value.asText())) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Whether labels have all that a selector of equalities wants. */
    static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    /** The controlling owner's uid; empty if nobody controls it. */
    static String controller(ObjectNode object) {
        for (var owner : object.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return owner.path("uid").asText();
            }
        }
        return "";
    }
}
