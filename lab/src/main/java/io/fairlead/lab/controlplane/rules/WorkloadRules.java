package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.util.List;
import java.util.Optional;

/** What happens to a Deployment, ReplicaSet or DaemonSet: defaults and validation. */
final class WorkloadRules {

    private WorkloadRules() {}

    static void create(ResourceType type, ObjectNode workload) {
        complete(type, workload.withObjectProperty("spec"));
        check(type, workload, Optional.empty());
        workload.withObjectProperty("status");
    }

    static void update(ResourceType type, ObjectNode before, ObjectNode workload) {
        complete(type, workload.withObjectProperty("spec"));
        check(type, workload, Optional.of(before));
    }

    private static void complete(ResourceType type, ObjectNode spec) {
        if (!spec.has("replicas") && !type.equals(ResourceTypes.DAEMON_SETS)) {
            spec.put("replicas", 1);
        }
        if (spec.path("template") instanceof ObjectNode template) {
            PodRules.completeTemplate(template.withObjectProperty("spec"));
        }
        if (!type.equals(ResourceTypes.DEPLOYMENTS)) {
            return;
        }
        absent(spec, "revisionHistoryLimit", 10);
        absent(spec, "progressDeadlineSeconds", 600);
        var strategy = spec.withObjectProperty("strategy");
        if (strategy.path("type").asText("").isEmpty()) {
            strategy.put("type", "RollingUpdate");
        }
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            var rolling = strategy.withObjectProperty("rollingUpdate");
            for (var field : List.of("maxUnavailable", "maxSurge")) {
                if (!rolling.has(field)) {
                    rolling.put(field, "25%");
                }
            }
        }
    }

    private static void check(ResourceType type, ObjectNode workload, Optional<ObjectNode> before) {
        var violations = new Violations();
        MetadataRules.check(type, workload, violations);
        var spec = workload.path("spec");
        if (spec.path("replicas").asInt() < 0) {
            violations.invalid("spec.replicas", spec.path("replicas"), "must be greater than or equal to 0");
        }
        checkSelector(spec, violations);
        before.map(old -> old.at("/spec/selector"))
                .filter(old -> !old.equals(spec.path("selector")))
                .ifPresent(_ -> violations.invalid("spec.selector", spec.path("selector"), "field is immutable"));
        checkTemplate(spec.path("template"), violations);
        checkStrategy(spec.path("strategy"), violations);
        violations.refuse(type, workload);
    }

    private static void checkSelector(JsonNode spec, Violations violations) {
        var selector = spec.path("selector");
        if (selector.isMissingNode()) {
            violations.required("spec.selector");
        } else if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            violations.invalid("spec.selector", selector, "empty selector is invalid for deployment");
        }
        MetadataRules.labels("spec.selector.matchLabels", selector.path("matchLabels"), violations);
        var labels = spec.at("/template/metadata/labels");
        for (var wanted : selector.path("matchLabels").properties()) {
            if (!wanted.getValue().equals(labels.path(wanted.getKey()))) {
                var shown = labels.isMissingNode() ? Json.object() : labels;
                violations.invalid(
                        "spec.template.metadata.labels", shown, "`selector` does not match template `labels`");
                return;
            }
        }
    }

    private static void checkTemplate(JsonNode template, Violations violations) {
        if (!(template.path("spec") instanceof ObjectNode spec)) {
            violations.required("spec.template.spec.containers");
            return;
        }
        MetadataRules.labels("spec.template.metadata.labels", template.at("/metadata/labels"), violations);
        PodRules.check("spec.template.spec", spec, violations);
        if (!spec.path("restartPolicy").asText().equals("Always")) {
            violations.add(FieldError.notSupported(
                    "spec.template.spec.restartPolicy",
                    spec.path("restartPolicy").asText(),
                    List.of("Always")));
        }
    }

    private static void checkStrategy(JsonNode strategy, Violations violations) {
        violations.oneOf("spec.strategy.type", strategy.path("type"), List.of("Recreate", "RollingUpdate"));
        var rolling = strategy.path("rollingUpdate");
        if (strategy.path("type").asText().equals("Recreate") && !rolling.isMissingNode()) {
            violations.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }
        for (var field : List.of("maxUnavailable", "maxSurge")) {
            var value = rolling.path(field);
            if (value.isTextual() && !value.asText().matches("[0-9]+%")) {
                violations.invalid(
                        "spec.strategy.rollingUpdate." + field,
                        value,
                        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or"
                                + " '93%', regex used for validation is '[0-9]+%')");
            }
        }
        if (isZero(rolling.path("maxUnavailable")) && isZero(rolling.path("maxSurge"))) {
            violations.invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable",
                    rolling.path("maxUnavailable"),
                    "may not be 0 when `maxSurge` is 0");
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.isInt() && value.asInt() == 0 || value.asText().matches("0+%");
    }

    private static void absent(ObjectNode spec, String field, int value) {
        if (!spec.has(field)) {
            spec.put(field, value);
        }
    }
}
