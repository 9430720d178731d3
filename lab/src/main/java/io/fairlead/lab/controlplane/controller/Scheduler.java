package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives pods to nodes: of those that a pod may run on, the one with the fewest pods of the same owner, then with the fewest
 * pods.
 */
final class Scheduler implements Controller {

    private static final String NAME = "default-scheduler";

    private final ObjectStore store;
    private final EventRecorder events;
    private final InstantSource clock;
    private final Map<NamespacedName, String> preferred;

    /** @param preferred nodes that certain pods get if they may run there */
    Scheduler(ObjectStore store, EventRecorder events, InstantSource clock, Map<NamespacedName, String> preferred) {
        this.store = store;
        this.events = events;
        this.clock = clock;
        this.preferred = Map.copyOf(preferred);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        if (change.object().type().equals(ResourceTypes.PODS)) {
            queue.add(change.object().name());
        } else if (change.object().type().equals(ResourceTypes.NODES)) {
            store.image().objects(ResourceTypes.PODS).stream()
                    .filter(pod -> pod.field(List.of("spec", "nodeName")).isEmpty())
                    .forEach(pod -> queue.add(pod.name()));
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var pod = store.get(ResourceTypes.PODS, key).map(StoredObject::toJson);
        if (pod.isPresent()
                && pod.get().at("/spec/nodeName").asText().isEmpty()
                && pod.get().at("/spec/schedulerName").asText().equals(NAME)
                && !Pods.isTerminating(pod.get())) {
            schedule(key, pod.get());
        }
        return Optional.empty();
    }

    private void schedule(NamespacedName key, ObjectNode pod) {
        Map<String, Integer> refusals = new TreeMap<>();
        var candidates = new ArrayList<String>();
        var nodes = store.image().objects(ResourceTypes.NODES);
        for (var node : nodes) {
            NodeFit.refusal(pod, node)
                    .ifPresentOrElse(
                            why -> refusals.merge(why, 1, Integer::sum),
                            () -> candidates.add(node.name().name()));
        }
        if (candidates.isEmpty()) {
            report(key, pod, nodes.size(), refusals);
        } else {
            bind(key, choose(key, pod, candidates));
        }
    }

    private String choose(NamespacedName key, ObjectNode pod, List<String> candidates) {
        var wish = preferred.getOrDefault(key, "");
        if (candidates.contains(wish)) {
            return wish;
        }
        var owner = Pods.controller(pod);
        Map<String, Integer> siblings = new TreeMap<>();
        Map<String, Integer> all = new TreeMap<>();
        for (var other : store.image().objects(ResourceTypes.PODS)) {
            var node = other.field(List.of("spec", "nodeName"));
            // Those that belong to a node weigh nothing.
            if (!node.isEmpty() && !other.toJson().at("/spec/hostNetwork").asBoolean()) {
                all.merge(node, 1, Integer::sum);
                if (!owner.isEmpty() && Pods.controller(other.toJson()).equals(owner)) {
                    siblings.merge(node, 1, Integer::sum);
                }
            }
        }
        return candidates.stream()
                .min(Comparator.<String>comparingInt(node -> siblings.getOrDefault(node, 0))
                        .thenComparing(node -> all.getOrDefault(node, 0))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private void bind(NamespacedName key, String node) {
        var bound = store.edit(ResourceTypes.PODS, key, pod -> {
            pod.withObjectProperty("spec").put("nodeName", node);
            return condition(pod, "True", "", "");
        });
        events.record(bound.toJson(), "Normal", "Scheduled", "Successfully assigned " + key + " to " + node, NAME, "");
    }

    private void report(NamespacedName key, ObjectNode pod, int nodes, Map<String, Integer> refusals) {
        var reasons = refusals.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList();
        var message = nodes == 0
                ? "no nodes available to schedule pods"
                : "0/" + nodes + " nodes are available: " + String.join(", ", reasons) + ".";
        store.edit(ResourceTypes.PODS, key, old -> condition(old, "False", "Unschedulable", message));
        events.record(pod, "Warning", "FailedScheduling", message, NAME, "");
    }

    private ObjectNode condition(ObjectNode pod, String status, String reason, String message) {
        var conditions = pod.withObjectProperty("status").withArrayProperty("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            var condition = conditions.get(i);
            if (condition.path("type").asText().equals("PodScheduled")) {
                if (condition.path("status").asText().equals(status)
                        && condition.path("message").asText("").equals(message)) {
                    return pod;
                }
                conditions.remove(i);
            }
        }
        var condition = conditions
                .addObject()
                .put("type", "PodScheduled")
                .put("status", status)
                .put(
                        "lastTransitionTime",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!reason.isEmpty()) {
            condition.put("reason", reason).put("message", message);
        }
        return pod;
    }
}
