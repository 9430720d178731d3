package io.fairlead.lab.controlplane.controller;

import static io.fairlead.lab.controlplane.controller.DeploymentController.replicas;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a Deployment says of itself: counts, whether it is available, whether it gets on. */
final class DeploymentStatus {

    private final ObjectStore store;
    private final InstantSource clock;

    DeploymentStatus(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    private record Counts(int all, int updated, int ready, int available) {}

    /** @return when to look again, to see a deadline pass */
    Optional<Duration> report(ObjectNode deployment, List<ObjectNode> sets, Predicate<ObjectNode> isCurrent) {
        var counts = new Counts(
                sum(sets, "replicas"),
                sum(sets.stream().filter(isCurrent).toList(), "replicas"),
                sum(sets, "readyReplicas"),
                sum(sets, "availableReplicas"));
        var name = sets.stream()
                .filter(isCurrent)
                .findFirst()
                .map(set -> ObjectMeta.text(set, "name"))
                .orElse("");
        int wanted = replicas(deployment);
        boolean complete = counts.updated() == wanted && counts.all() == wanted && counts.available() == wanted;
        store.edit(ResourceTypes.DEPLOYMENTS, ObjectMeta.name(ResourceTypes.DEPLOYMENTS, deployment), old -> {
            var status = old.withObjectProperty("status");
            var before = status.deepCopy();
            status.put(
                    "observedGeneration", deployment.at("/metadata/generation").asLong());
            ReplicaSetController.count(status, "replicas", counts.all());
            ReplicaSetController.count(status, "updatedReplicas", counts.updated());
            ReplicaSetController.count(status, "readyReplicas", counts.ready());
            ReplicaSetController.count(status, "availableReplicas", counts.available());
            ReplicaSetController.count(status, "unavailableReplicas", Math.max(0, wanted - counts.available()));
            conditions(old, status, !status.equals(before), counts, complete, name);
            return old;
        });
        return complete ? Optional.empty() : Optional.of(Duration.ofSeconds(5));
    }

    private static int sum(List<ObjectNode> sets, String field) {
        return sets.stream()
                .mapToInt(set -> set.path("status").path(field).asInt())
                .sum();
    }

    private void conditions(
            ObjectNode deployment,
            ObjectNode status,
            boolean moved,
            Counts counts,
            boolean complete,
            String replicaSet) {
        int least = replicas(deployment) - maxUnavailable(deployment);
        boolean available = counts.available() >= least;
        put(
                status,
                "Available",
                available,
                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
                false);
        if (complete) {
            put(
                    status,
                    "Progressing",
                    true,
                    "NewReplicaSetAvailable",
                    "ReplicaSet \"" + replicaSet + "\" has successfully progressed.",
                    false);
        } else if (overdue(deployment) && !moved) {
            put(
                    status,
                    "Progressing",
                    false,
                    "ProgressDeadlineExceeded",
                    "ReplicaSet \"" + replicaSet + "\" has timed out progressing.",
                    false);
        } else {
            put(
                    status,
                    "Progressing",
                    true,
                    "ReplicaSetUpdated",
                    "ReplicaSet \"" + replicaSet + "\" is progressing.",
                    moved);
        }
    }

    private static int maxUnavailable(ObjectNode deployment) {
        var text = deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asText("0");
        return text.endsWith("%")
                ? Integer.parseInt(text.substring(0, text.length() - 1)) * replicas(deployment) / 100
                : Integer.parseInt(text);
    }

    private boolean overdue(ObjectNode deployment) {
        long seconds = deployment.at("/spec/progressDeadlineSeconds").asLong(600);
        return Pods.condition(deployment, "Progressing")
                .filter(condition -> !condition.path("reason").asText().equals("NewReplicaSetAvailable"))
                .flatMap(condition -> Pods.time(condition.path("lastUpdateTime")))
                .filter(since -> since.plusSeconds(seconds).isBefore(clock.instant()))
                .isPresent();
    }

    private void put(ObjectNode status, String type, boolean value, String reason, String message, boolean refresh) {
        var text = value ? "True" : "False";
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var conditions = status.withArrayProperty("conditions");
        ObjectNode condition = null;
        for (var present : conditions) {
            if (present.path("type").asText().equals(type) && present instanceof ObjectNode object) {
                condition = object;
            }
        }
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
        }
        boolean same = condition.path("status").asText().equals(text);
        if (!same) {
            condition.put("lastTransitionTime", now.toString());
        }
        if (!same || refresh || !condition.path("reason").asText().equals(reason)) {
            condition.put("lastUpdateTime", now.toString());
        }
        condition.put("status", text).put("reason", reason).put("message", message);
    }
}
