package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What happens to the objects that were made for one that is deleted: they go with it, or before it, or are let free. Keys
 * are the uids of owners.
 */
final class GarbageCollector implements Controller {

    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    private record Reference(ResourceType type, NamespacedName name) {}

    private final ObjectStore store;
    private final Map<String, Set<Reference>> dependents = new ConcurrentHashMap<>();
    private final Map<String, Reference> owners = new ConcurrentHashMap<>();

    GarbageCollector(ObjectStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "garbage-collector";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        var object = change.object();
        var json = object.toJson();
        var reference = new Reference(object.type(), object.name());
        if (change instanceof StoreChange.Modified(var before, var _)) {
            forget(before.toJson(), reference, queue);
        }
        if (change instanceof StoreChange.Deleted) {
            forget(json, reference, queue);
            owners.remove(ObjectMeta.text(json, "uid"));
            queue.add(key(ObjectMeta.text(json, "uid")));
            return;
        }
        for (var owner : json.at("/metadata/ownerReferences")) {
            dependents
                    .computeIfAbsent(owner.path("uid").asText(), _ -> ConcurrentHashMap.newKeySet())
                    .add(reference);
        }
        if (Pods.isTerminating(json)) {
            owners.put(ObjectMeta.text(json, "uid"), reference);
            queue.add(key(ObjectMeta.text(json, "uid")));
        }
    }

    private void forget(ObjectNode object, Reference reference, WorkQueue queue) {
        for (var owner : object.at("/metadata/ownerReferences")) {
            var uid = owner.path("uid").asText();
            var set = dependents.get(uid);
            if (set != null) {
                set.remove(reference);
                if (set.isEmpty()) {
                    dependents.remove(uid);
                }
                // An owner may be waiting for its last dependent.
                if (owners.containsKey(uid)) {
                    queue.add(key(uid));
                }
            }
        }
    }

    private static NamespacedName key(String uid) {
        return new NamespacedName("", uid);
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var uid = key.name();
        var owner = Optional.ofNullable(owners.get(uid))
                .flatMap(reference -> store.get(reference.type(), reference.name()))
                .filter(stored -> ObjectMeta.text(stored.toJson(), "uid").equals(uid));
        var left = List.copyOf(dependents.getOrDefault(uid, Set.of()));
        if (owner.isEmpty()) {
            left.forEach(reference -> deleteIfUnowned(reference, uid));
        } else if (has(owner.get(), ORPHAN)) {
            left.forEach(reference -> free(reference, uid));
            removeFinalizer(owner.get(), ORPHAN);
        } else if (has(owner.get(), FOREGROUND)) {
            if (left.isEmpty()) {
                removeFinalizer(owner.get(), FOREGROUND);
            } else {
                left.forEach(this::delete);
            }
        }
        return Optional.empty();
    }

    /** An object with several owners stays until the last is gone. */
    private void deleteIfUnowned(Reference reference, String goneUid) {
        var stored = store.get(reference.type(), reference.name());
        if (stored.isEmpty()) {
            return;
        }
        var references = stored.get().toJson().at("/metadata/ownerReferences");
        boolean owned = false;
        for (var owner : references) {
            owned |= !owner.path("uid").asText().equals(goneUid);
        }
        if (owned) {
            free(reference, goneUid);
        } else if (!references.isEmpty()) {
            delete(reference);
        }
    }

    private void delete(Reference reference) {
        var stored = store.get(reference.type(), reference.name());
        if (stored.isPresent() && !Pods.isTerminating(stored.get().toJson())) {
            store.delete(reference.type(), reference.name(), Json.object());
        }
    }

    private void free(Reference reference, String uid) {
        if (store.get(reference.type(), reference.name()).isPresent()) {
            store.edit(reference.type(), reference.name(), old -> {
                if (old.at("/metadata/ownerReferences") instanceof ArrayNode list) {
                    removeIf(list, uid, "uid");
                }
                return old;
            });
        }
    }

    private static boolean has(StoredObject object, String finalizer) {
        for (var present : object.toJson().at("/metadata/finalizers")) {
            if (present.asText().equals(finalizer)) {
                return true;
            }
        }
        return false;
    }

    private void removeFinalizer(StoredObject object, String finalizer) {
        store.edit(object.type(), object.name(), old -> {
            if (old.at("/metadata/finalizers") instanceof ArrayNode list) {
                removeIf(list, finalizer, "");
            }
            return old;
        });
    }

    private static void removeIf(ArrayNode list, String value, String field) {
        for (int i = list.size() - 1; i >= 0; i--) {
            var element = field.isEmpty() ? list.get(i) : list.get(i).path(field);
            if (element.asText().equals(value)) {
                list.remove(i);
            }
        }
    }
}
