package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says of a node that was not heard of for some time that nothing is known of it, and does what follows from a node that is not
 * ready: a taint, and pods that are not ready. A node without a Lease is believed what it says.
 *
 * <p>Time is counted in looks at the Lease: when the whole process was held up, the node was, too.
 */
final class NodeController implements Controller {

    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String LEASES = "kube-node-lease";
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** A real cluster waits for 50 s (--node-monitor-grace-period). */
    private static final int GRACE_LOOKS = 10;

    private final ObjectStore store;
    private final EventRecorder events;
    private final InstantSource clock;
    private final Map<String, Heard> heard = new HashMap<>();

    /** @param looks how often this renewal has been found unchanged */
    private record Heard(String renewal, int looks) {}

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
        } else if (change instanceof StoreChange.Added(var added)
                && added.type().equals(ResourceTypes.LEASES)
                && added.name().namespace().equals(LEASES)) {
            queue.add(new NamespacedName("", added.name().name()));
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var lease = store.get(ResourceTypes.LEASES, new NamespacedName(LEASES, key.name()));
        var node = store.get(ResourceTypes.NODES, key).map(StoredObject::toJson);
        if (node.isEmpty()) {
            heard.remove(key.name());
            return Optional.empty();
        }
        if (lease.isPresent() && !isHeardOf(key.name(), lease.get()) && readiness(node.get()) != Readiness.UNKNOWN) {
            node = Optional.of(
                    store.edit(ResourceTypes.NODES, key, this::unknown).toJson());
        }
        follow(key, node.get());
        return lease.map(_ -> LOOK);
    }

    private boolean isHeardOf(String node, StoredObject lease) {
        var renewal = lease.field(List.of("spec", "renewTime"));
        var now = heard.merge(
                node,
                new Heard(renewal, 0),
                (before, fresh) -> before.renewal().equals(renewal) ? new Heard(renewal, before.looks() + 1) : fresh);
        return now.looks() <= GRACE_LOOKS;
    }

    private enum Readiness {
        READY,
        NOT_READY,
        UNKNOWN
    }

    private static Readiness readiness(ObjectNode node) {
        var status = Pods.condition(node, "Ready")
                .map(condition -> condition.path("status").asText())
                .orElse("");
        return switch (status) {
            case "True" -> Readiness.READY;
            case "Unknown" -> Readiness.UNKNOWN;
            default -> Readiness.NOT_READY;
        };
    }

    private ObjectNode unknown(ObjectNode node) {
        Pods.condition(node, "Ready")
                .ifPresent(condition -> ((ObjectNode) condition)
                        .put("status", "Unknown")
                        .put("reason", "NodeStatusUnknown")
                        .put("message", "Kubelet stopped posting node status.")
                        .put("lastTransitionTime", now()));
        return node;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void follow(NamespacedName key, ObjectNode node) {
        var readiness = readiness(node);
        boolean ready = readiness == Readiness.READY;
        var wanted =
                switch (readiness) {
                    case READY -> List.<String>of();
                    case NOT_READY -> List.of(NOT_READY);
                    case UNKNOWN -> List.of(UNREACHABLE);
                };
        if (!taints(node).equals(wanted)) {
            store.edit(ResourceTypes.NODES, key, old -> taint(old, wanted));
            var reason = ready ? "NodeReady" : "NodeNotReady";
            var message = "Node " + key.name() + " status is now: " + reason;
            events.record(node, "Normal", reason, message, name(), "");
        }
        if (!ready) {
            store.image().objects(ResourceTypes.PODS).stream()
                    .filter(pod -> pod.field(List.of("spec", "nodeName")).equals(key.name()))
                    .filter(pod -> Pods.isReady(pod.toJson()))
                    .forEach(pod -> store.edit(pod.type(), pod.name(), this::notReady));
        }
    }

    private static boolean isOurs(JsonNode taint) {
        return List.of(NOT_READY, UNREACHABLE).contains(taint.path("key").asText());
    }

    /** Those that this controller sets. */
    private static List<String> taints(ObjectNode node) {
        return node.at("/spec/taints")
                .valueStream()
                .filter(NodeController::isOurs)
                .map(taint -> taint.path("key").asText())
                .toList();
    }

    private static ObjectNode taint(ObjectNode node, List<String> wanted) {
        var taints = node.withObjectProperty("spec").withArrayProperty("taints");
        for (int i = taints.size() - 1; i >= 0; i--) {
            if (isOurs(taints.get(i))) {
                taints.remove(i);
            }
        }
        wanted.forEach(key -> taints.addObject().put("key", key).put("effect", "NoSchedule"));
        if (taints.isEmpty()) {
            node.withObjectProperty("spec").remove("taints");
        }
        return node;
    }

    private ObjectNode notReady(ObjectNode pod) {
        for (var condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready") && condition instanceof ObjectNode ready) {
                ready.put("status", "False").put("lastTransitionTime", now());
            }
        }
        return pod;
    }
}
