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
import java.util.List;
import java.util.Optional;

/** What follows from a node that is not ready: a taint, and pods that are not ready. */
final class NodeController implements Controller {

    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    private final ObjectStore store;
    private final EventRecorder events;
    private final InstantSource clock;

    NodeController(ObjectStore store, EventRecorder events, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "node-controller";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        if (change.object().type().equals(ResourceTypes.NODES)) {
            queue.add(change.object().name());
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var node = store.get(ResourceTypes.NODES, key).map(StoredObject::toJson);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        boolean ready = Pods.isReady(node.get());
        if (tainted(node.get()) == ready) {
            store.edit(ResourceTypes.NODES, key, old -> taint(old, !ready));
            var reason = ready ? "NodeReady" : "NodeNotReady";
            var message = "Node " + key.name() + " status is now: " + reason;
            events.record(node.get(), "Normal", reason, message, name(), "");
        }
        if (!ready) {
            store.image().objects(ResourceTypes.PODS).stream()
                    .filter(pod -> pod.field(List.of("spec", "nodeName")).equals(key.name()))
                    .filter(pod -> Pods.isReady(pod.toJson()))
                    .forEach(pod -> store.edit(pod.type(), pod.name(), this::notReady));
        }
        return Optional.empty();
    }

    private static boolean tainted(ObjectNode node) {
        for (var taint : node.at("/spec/taints")) {
            if (taint.path("key").asText().equals(NOT_READY)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode taint(ObjectNode node, boolean wanted) {
        var taints = node.withObjectProperty("spec").withArrayProperty("taints");
        for (int i = taints.size() - 1; i >= 0; i--) {
            if (taints.get(i).path("key").asText().equals(NOT_READY)) {
                taints.remove(i);
            }
        }
        if (wanted) {
            taints.addObject().put("key", NOT_READY).put("effect", "NoSchedule");
        }
        if (taints.isEmpty()) {
            node.withObjectProperty("spec").remove("taints");
        }
        return node;
    }

    private ObjectNode notReady(ObjectNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready") && condition instanceof ObjectNode ready) {
                ready.put("status", "False")
                        .put(
                                "lastTransitionTime",
                                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            }
        }
        return pod;
    }
}
