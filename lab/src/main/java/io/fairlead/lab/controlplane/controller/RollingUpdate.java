package io.fairlead.lab.controlplane.controller;

import static io.fairlead.lab.controlplane.controller.DeploymentController.replicas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The next step of a rolling update: never more than replicas + maxSurge pods, never fewer than replicas - maxUnavailable
 * that are available.
 */
record RollingUpdate(ObjectNode deployment, ObjectNode current, List<ObjectNode> old) {

    /** The size that each set is to have now; sets that stay are left out. */
    Map<ObjectNode, Integer> steps() {
        Map<ObjectNode, Integer> sizes = new LinkedHashMap<>();
        int grown = growCurrent();
        sizes.put(current, grown);
        shrinkOld(grown, sizes);
        return sizes;
    }

    private int growCurrent() {
        int wanted = replicas(deployment);
        int now = replicas(current);
        if (now >= wanted) {
            return wanted;
        }
        int all = now + old.stream().mapToInt(RollingUpdate::pods).sum();
        int room = wanted + maxSurge() - all;
        return room <= 0 ? now : Math.min(wanted, now + room);
    }

    private void shrinkOld(int currentSize, Map<ObjectNode, Integer> sizes) {
        int oldPods = old.stream().mapToInt(DeploymentController::replicas).sum();
        int minAvailable = replicas(deployment) - maxUnavailable();
        int currentUnavailable = currentSize - Math.min(currentSize, available(current));
        int budget = oldPods + currentSize - minAvailable - currentUnavailable;
        if (oldPods == 0 || budget <= 0) {
            return;
        }
        var byAge = old.stream()
                .sorted(Comparator.comparing(
                        set -> set.at("/metadata/creationTimestamp").asText()))
                .toList();
        // Those that serve nobody go first; they cost nothing.
        for (var set : byAge) {
            int unhealthy = replicas(set) - Math.min(replicas(set), available(set));
            int drop = Math.min(budget, unhealthy);
            if (drop > 0) {
                sizes.put(set, replicas(set) - drop);
                budget -= drop;
            }
        }
        int allAvailable = available(current)
                + old.stream().mapToInt(RollingUpdate::available).sum();
        budget = Math.min(budget, allAvailable - minAvailable);
        for (var set : byAge) {
            int size = sizes.getOrDefault(set, replicas(set));
            int drop = Math.min(Math.max(budget, 0), size);
            if (drop > 0) {
                sizes.put(set, size - drop);
                budget -= drop;
            }
        }
    }

    /** Pods that a set still has count, also when it is to have fewer. */
    private static int pods(ObjectNode set) {
        return Math.max(replicas(set), set.at("/status/replicas").asInt());
    }

    private static int available(ObjectNode set) {
        return set.at("/status/availableReplicas").asInt();
    }

    private int maxSurge() {
        return portion(deployment.at("/spec/strategy/rollingUpdate/maxSurge"), true);
    }

    /** At least 1 if there is no surge: otherwise nothing could ever move. */
    private int maxUnavailable() {
        int unavailable = portion(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable"), false);
        return Math.min(unavailable == 0 && maxSurge() == 0 ? 1 : unavailable, replicas(deployment));
    }

    private int portion(JsonNode value, boolean up) {
        var text = value.asText("0");
        if (!text.endsWith("%")) {
            return value.asInt();
        }
        double share = Integer.parseInt(text.substring(0, text.length() - 1)) * replicas(deployment) / 100.0;
        return (int) (up ? Math.ceil(share) : Math.floor(share));
    }
}
