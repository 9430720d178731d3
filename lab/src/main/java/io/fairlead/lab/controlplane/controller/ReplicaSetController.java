package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Keeps as many pods as a ReplicaSet says. */
final class ReplicaSetController implements Controller {

    private static final String NAME = "replicaset-controller";

    private final ObjectStore store;
    private final EventRecorder events;
    private final InstantSource clock;

    ReplicaSetController(ObjectStore store, EventRecorder events, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        var object = change.object();
        if (object.type().equals(ResourceTypes.REPLICA_SETS)) {
            queue.add(object.name());
        } else if (object.type().equals(ResourceTypes.PODS)) {
            for (var owner : object.toJson().at("/metadata/ownerReferences")) {
                if (owner.path("kind").asText().equals("ReplicaSet")) {
                    queue.add(new NamespacedName(
                            object.name().namespace(), owner.path("name").asText()));
                }
            }
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var stored = store.get(ResourceTypes.REPLICA_SETS, key);
        if (stored.isEmpty() || Pods.isTerminating(stored.get().toJson())) {
            return Optional.empty();
        }
        var set = stored.get().toJson();
        var active = pods(set, key).stream()
                .filter(pod -> !Pods.isTerminating(pod) && !Pods.isTerminal(pod))
                .toList();
        int wanted = set.at("/spec/replicas").asInt();
        if (active.size() < wanted) {
            create(set, wanted - active.size());
        } else if (active.size() > wanted) {
            delete(set, active, active.size() - wanted);
        }
        return report(key, set);
    }

    private List<ObjectNode> pods(ObjectNode set, NamespacedName key) {
        var uid = ObjectMeta.text(set, "uid");
        return Pods.in(store.image(), key.namespace())
                .map(StoredObject::toJson)
                .filter(pod -> Pods.controller(pod).equals(uid))
                .toList();
    }

    private void create(ObjectNode set, int count) {
        for (int i = 0; i < count; i++) {
            var pod = Json.object().put("kind", "Pod").put("apiVersion", "v1");
            var template = set.at("/spec/template");
            var metadata = template.path("metadata") instanceof ObjectNode given
                    ? pod.set("metadata", given.deepCopy()).withObjectProperty("metadata")
                    : pod.putObject("metadata");
            metadata.remove(List.of("name", "creationTimestamp"));
            metadata.put("namespace", ObjectMeta.text(set, "namespace"))
                    .put("generateName", ObjectMeta.text(set, "name") + "-");
            metadata.putArray("ownerReferences").add(Owner.controller(set));
            pod.set("spec", template.path("spec").deepCopy());
            var created = store.create(pod);
            events.record(
                    set,
                    "Normal",
                    "SuccessfulCreate",
                    "Created pod: " + created.name().name(),
                    NAME,
                    "");
        }
    }

    /** Those that are least use go first: without a node, not running, not ready, youngest. */
    private void delete(ObjectNode set, List<ObjectNode> active, int count) {
        active.stream()
                .sorted(Comparator.<ObjectNode, Boolean>comparing(
                                pod -> !pod.at("/spec/nodeName").asText().isEmpty())
                        .thenComparing(pod -> pod.at("/status/phase").asText().equals("Running"))
                        .thenComparing(Pods::isReady)
                        .thenComparing(pod -> ObjectMeta.text(pod, "creationTimestamp"), Comparator.reverseOrder()))
                .limit(count)
                .forEach(pod -> {
                    var name = ObjectMeta.name(ResourceTypes.PODS, pod);
                    store.delete(ResourceTypes.PODS, name, Json.object());
                    events.record(set, "Normal", "SuccessfulDelete", "Deleted pod: " + name.name(), NAME, "");
                });
    }

    /** Writes the status; a pod that is ready but not long enough is looked at again. */
    private Optional<Duration> report(NamespacedName key, ObjectNode set) {
        long minReady = set.at("/spec/minReadySeconds").asLong();
        var active = pods(set, key).stream()
                .filter(pod -> !Pods.isTerminating(pod) && !Pods.isTerminal(pod))
                .toList();
        var now = clock.instant();
        long ready = active.stream().filter(Pods::isReady).count();
        long available = active.stream()
                .filter(pod -> Pods.isAvailable(pod, minReady, now))
                .count();
        store.edit(ResourceTypes.REPLICA_SETS, key, old -> {
            var status = old.withObjectProperty("status");
            status.put("replicas", active.size())
                    .put("fullyLabeledReplicas", active.size())
                    .put("observedGeneration", set.at("/metadata/generation").asLong());
            count(status, "readyReplicas", ready);
            count(status, "availableReplicas", available);
            return old;
        });
        return ready > available ? Optional.of(Duration.ofSeconds(1)) : Optional.empty();
    }

    /** A number that is left out when it is 0. */
    static void count(ObjectNode status, String field, long number) {
        if (number == 0) {
            status.remove(field);
        } else {
            status.put(field, (int) number);
        }
    }
}
