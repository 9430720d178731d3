package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Brings a Deployment's pods to its template, a ReplicaSet per template, within maxSurge and maxUnavailable. */
final class DeploymentController implements Controller {

    private static final String NAME = "deployment-controller";
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HASH = "pod-template-hash";

    private final ObjectStore store;
    private final EventRecorder events;
    private final DeploymentStatus status;

    DeploymentController(ObjectStore store, EventRecorder events, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.status = new DeploymentStatus(store, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        var object = change.object();
        if (object.type().equals(ResourceTypes.DEPLOYMENTS)) {
            queue.add(object.name());
        } else if (object.type().equals(ResourceTypes.REPLICA_SETS)) {
            for (var owner : object.toJson().at("/metadata/ownerReferences")) {
                if (owner.path("kind").asText().equals("Deployment")) {
                    queue.add(new NamespacedName(
                            object.name().namespace(), owner.path("name").asText()));
                }
            }
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var stored = store.get(ResourceTypes.DEPLOYMENTS, key);
        if (stored.isEmpty() || Pods.isTerminating(stored.get().toJson())) {
            return Optional.empty();
        }
        var deployment = stored.get().toJson();
        var sets = sets(deployment);
        boolean paused = deployment.at("/spec/paused").asBoolean();
        var current = sets.stream().filter(set -> sameTemplate(deployment, set)).findFirst();
        if (current.isEmpty() && !paused) {
            create(deployment, sets);
            return Optional.of(Duration.ZERO);
        }
        if (current.isPresent()) {
            setRevision(deployment, current.get(), sets);
            roll(deployment, current.get(), sets);
        }
        clean(deployment, current, sets);
        return status.report(deployment, sets(deployment), set -> sameTemplate(deployment, set));
    }

    private List<ObjectNode> sets(ObjectNode deployment) {
        var uid = ObjectMeta.text(deployment, "uid");
        var namespace = ObjectMeta.text(deployment, "namespace");
        return store.image().objects(ResourceTypes.REPLICA_SETS, namespace).stream()
                .map(StoredObject::toJson)
                .filter(set -> Pods.controller(set).equals(uid) && !Pods.isTerminating(set))
                .toList();
    }

    private static boolean isSame(ObjectNode one, ObjectNode other) {
        return ObjectMeta.text(one, "uid").equals(ObjectMeta.text(other, "uid"));
    }

    private static boolean sameTemplate(ObjectNode deployment, ObjectNode set) {
        var template = set.at("/spec/template").deepCopy();
        if (template.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(HASH);
        }
        return template.equals(deployment.at("/spec/template"));
    }

    private void create(ObjectNode deployment, List<ObjectNode> sets) {
        var hash = TemplateHash.of(deployment.at("/spec/template"), sets.size());
        var set = Json.object().put("kind", "ReplicaSet").put("apiVersion", "apps/v1");
        var metadata = set.putObject("metadata");
        metadata.put("namespace", ObjectMeta.text(deployment, "namespace"))
                .put("name", ObjectMeta.text(deployment, "name") + "-" + hash);
        metadata.putObject("annotations").put(REVISION, Long.toString(nextRevision(sets)));
        metadata.putArray("ownerReferences").add(Owner.controller(deployment));
        var spec = set.putObject("spec");
        boolean alone = sets.stream().allMatch(old -> replicas(old) == 0);
        int replicas = replicas(deployment);
        spec.put("replicas", alone ? replicas : 0);
        copyField(deployment, spec, "minReadySeconds");
        spec.set("selector", deployment.at("/spec/selector").deepCopy());
        spec.withObjectProperty("selector").withObjectProperty("matchLabels").put(HASH, hash);
        spec.set("template", deployment.at("/spec/template").deepCopy());
        var labels = spec.withObjectProperty("template")
                .withObjectProperty("metadata")
                .withObjectProperty("labels");
        labels.put(HASH, hash);
        metadata.set("labels", labels.deepCopy());
        var created = store.create(set);
        if (alone && replicas > 0) {
            scaled(deployment, created.name().name(), 0, replicas);
        }
    }

    private static void copyField(ObjectNode deployment, ObjectNode spec, String field) {
        if (deployment.path("spec").has(field)) {
            spec.set(field, deployment.path("spec").path(field));
        }
    }

    private static long nextRevision(List<ObjectNode> sets) {
        return 1 + sets.stream().mapToLong(DeploymentController::revision).max().orElse(0);
    }

    private static long revision(ObjectNode set) {
        return set.path("metadata").path("annotations").path(REVISION).asLong();
    }

    /** The set in use has the highest revision, also after a rollback to an old template. */
    private void setRevision(ObjectNode deployment, ObjectNode current, List<ObjectNode> sets) {
        long others = sets.stream()
                .filter(set -> !isSame(set, current))
                .mapToLong(DeploymentController::revision)
                .max()
                .orElse(0);
        long revision = Math.max(revision(current), others + 1);
        annotate(current, REVISION, Long.toString(revision));
        annotate(deployment, REVISION, Long.toString(revision));
    }

    private void annotate(ObjectNode object, String annotation, String value) {
        var type = object.path("kind").asText().equals("Deployment")
                ? ResourceTypes.DEPLOYMENTS
                : ResourceTypes.REPLICA_SETS;
        if (!object.path("metadata")
                .path("annotations")
                .path(annotation)
                .asText()
                .equals(value)) {
            store.edit(type, ObjectMeta.name(type, object), old -> {
                ObjectMeta.of(old).withObjectProperty("annotations").put(annotation, value);
                return old;
            });
        }
    }

    private void roll(ObjectNode deployment, ObjectNode current, List<ObjectNode> sets) {
        var old = sets.stream().filter(set -> !isSame(set, current)).toList();
        if (deployment.at("/spec/paused").asBoolean() && old.stream().anyMatch(set -> replicas(set) > 0)) {
            return;
        }
        if (deployment.at("/spec/strategy/type").asText().equals("Recreate")) {
            old.forEach(set -> scale(deployment, set, 0));
            if (old.stream().noneMatch(this::hasPods)) {
                scale(deployment, current, replicas(deployment));
            }
            return;
        }
        new RollingUpdate(deployment, current, old).steps().forEach((set, size) -> scale(deployment, set, size));
    }

    private boolean hasPods(ObjectNode set) {
        var uid = ObjectMeta.text(set, "uid");
        return Pods.in(store.image(), ObjectMeta.text(set, "namespace"))
                .map(StoredObject::toJson)
                .anyMatch(pod -> Pods.controller(pod).equals(uid) && !Pods.isTerminal(pod));
    }

    private void scale(ObjectNode deployment, ObjectNode set, int size) {
        int before = replicas(set);
        if (before == size) {
            return;
        }
        store.edit(ResourceTypes.REPLICA_SETS, ObjectMeta.name(ResourceTypes.REPLICA_SETS, set), old -> {
            old.withObjectProperty("spec").put("replicas", size);
            return old;
        });
        scaled(deployment, ObjectMeta.text(set, "name"), before, size);
    }

    private void scaled(ObjectNode deployment, String set, int before, int size) {
        events.record(
                deployment,
                "Normal",
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d".formatted(size > before ? "up" : "down", set, before, size),
                NAME,
                "");
    }

    /** Old templates beyond the history limit are forgotten. */
    private void clean(ObjectNode deployment, Optional<ObjectNode> current, List<ObjectNode> sets) {
        var idle = new ArrayList<>(sets.stream()
                .filter(set -> current.filter(c -> isSame(c, set)).isEmpty()
                        && replicas(set) == 0
                        && set.at("/status/replicas").asInt() == 0)
                .sorted(Comparator.comparingLong(DeploymentController::revision))
                .toList());
        while (idle.size() > deployment.at("/spec/revisionHistoryLimit").asInt(10)) {
            store.delete(ResourceTypes.REPLICA_SETS, ObjectMeta.name(ResourceTypes.REPLICA_SETS, idle.removeFirst()));
        }
    }

    static int replicas(JsonNode workload) {
        return workload.at("/spec/replicas").asInt();
    }
}
