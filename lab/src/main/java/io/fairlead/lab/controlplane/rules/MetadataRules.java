package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.util.Set;

/** What holds for the metadata of every object. */
final class MetadataRules {

    private static final int ANNOTATIONS_BYTES = 256 * 1024;
    // Only these count changes of their spec.
    private static final Set<ResourceType> COUNTED = Set.of(
            ResourceTypes.PODS,
            ResourceTypes.DEPLOYMENTS,
            ResourceTypes.REPLICA_SETS,
            ResourceTypes.DAEMON_SETS,
            ResourceTypes.ENDPOINT_SLICES);

    private MetadataRules() {}

    static void complete(ResourceType type, ObjectNode object) {
        if (!COUNTED.contains(type)) {
            ObjectMeta.of(object).remove("generation");
        }
    }

    static void check(ResourceType type, ObjectNode object, Violations violations) {
        var name = ObjectMeta.text(object, "name");
        violations.form("metadata.name", Json.text(name), form(type).problem(name));
        var metadata = object.path("metadata");
        labels("metadata.labels", metadata.path("labels"), violations);
        long bytes = 0;
        for (var annotation : metadata.path("annotations").properties()) {
            violations.form(
                    "metadata.annotations",
                    Json.text(annotation.getKey()),
                    Names.problemOfQualified(annotation.getKey()));
            bytes += annotation.getKey().length()
                    + annotation.getValue().asText().length();
        }
        if (bytes > ANNOTATIONS_BYTES) {
            violations.add(new FieldError(
                    "metadata.annotations",
                    "FieldValueTooLong",
                    "Too long: may not be more than " + ANNOTATIONS_BYTES + " bytes"));
        }
    }

    /** Labels, or a selector of equalities. */
    static void labels(String field, JsonNode labels, Violations violations) {
        for (var label : labels.properties()) {
            violations.form(field, Json.text(label.getKey()), Names.problemOfQualified(label.getKey()));
            violations.form(
                    field,
                    label.getValue(),
                    Names.LABEL_VALUE.problem(label.getValue().asText()));
        }
    }

    private static Names form(ResourceType type) {
        if (type.equals(ResourceTypes.SERVICES)) {
            return Names.DNS_1035_LABEL;
        }
        return type.equals(ResourceTypes.NAMESPACES) ? Names.DNS_1123_LABEL : Names.DNS_1123_SUBDOMAIN;
    }
}
