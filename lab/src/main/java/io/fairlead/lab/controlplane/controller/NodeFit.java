package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.StoredObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a pod may run on a node: its state, taints, nodeSelector and required node affinity. */
final class NodeFit {

    private static final Set<String> REPELLING = Set.of("NoSchedule", "NoExecute");
    private static final String AFFINITY =
            "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";

    private NodeFit() {}

    /** Why not, as the scheduler puts it after a number of nodes; empty if it may. */
    static Optional<String> refusal(ObjectNode pod, StoredObject stored) {
        var node = stored.toJson();
        if (!Pods.isReady(node)) {
            return Optional.of("node(s) were not ready");
        }
        if (node.at("/spec/unschedulable").asBoolean()) {
            return Optional.of("node(s) were unschedulable");
        }
        for (var taint : node.at("/spec/taints")) {
            if (REPELLING.contains(taint.path("effect").asText()) && !tolerates(pod, taint)) {
                return Optional.of("node(s) had untolerated taint {%s: %s}"
                        .formatted(
                                taint.path("key").asText(), taint.path("value").asText("")));
            }
        }
        if (!hasSelected(pod, stored.labels()) || !hasAffinity(pod, stored.labels())) {
            return Optional.of("node(s) didn't match Pod's node affinity/selector");
        }
        return Optional.empty();
    }

    private static boolean tolerates(ObjectNode pod, JsonNode taint) {
        for (var toleration : pod.at("/spec/tolerations")) {
            var key = toleration.path("key").asText("");
            var effect = toleration.path("effect").asText("");
            boolean exists = toleration.path("operator").asText("Equal").equals("Exists");
            boolean sameValue = toleration
                    .path("value")
                    .asText("")
                    .equals(taint.path("value").asText(""));
            if ((key.isEmpty() && exists || key.equals(taint.path("key").asText()))
                    && (effect.isEmpty() || effect.equals(taint.path("effect").asText()))
                    && (exists || sameValue)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSelected(ObjectNode pod, Map<String, String> labels) {
        for (var wanted : pod.at("/spec/nodeSelector").properties()) {
            if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasAffinity(ObjectNode pod, Map<String, String> labels) {
        var terms = pod.at(AFFINITY);
        if (terms.isMissingNode()) {
            return true;
        }
        for (var term : terms) {
            boolean all = true;
            for (var expression : term.path("matchExpressions")) {
                all &= matches(expression, labels);
            }
            if (all && !term.path("matchExpressions").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(JsonNode expression, Map<String, String> labels) {
        var value = labels.get(expression.path("key").asText());
        boolean listed = false;
        for (var wanted : expression.path("values")) {
            listed |= wanted.asText().equals(value);
        }
        return switch (expression.path("operator").asText()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
