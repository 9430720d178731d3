package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/** Everything stored, as of one resource version; immutable, sharing what did not change with its neighbours. */
public final class StoreImage {

    private final long resourceVersion;
    private final PMap<ResourceType, TreePMap<NamespacedName, StoredObject>> objects;

    private StoreImage(long resourceVersion, PMap<ResourceType, TreePMap<NamespacedName, StoredObject>> objects) {
        this.resourceVersion = resourceVersion;
        this.objects = objects;
    }

    static StoreImage empty(long resourceVersion) {
        return new StoreImage(resourceVersion, HashTreePMap.empty());
    }

    public long resourceVersion() {
        return resourceVersion;
    }

    public Optional<StoredObject> get(ResourceType type, NamespacedName name) {
        return Optional.ofNullable(sorted(type).get(name));
    }

    /** All objects of a type, by namespace and name. */
    public Collection<StoredObject> objects(ResourceType type) {
        return sorted(type).values();
    }

    /** The objects of a type in a namespace, by name. */
    public Collection<StoredObject> objects(ResourceType type, String namespace) {
        // No name sorts before the empty one, and no namespace between "a" and "a\0".
        var from = new NamespacedName(namespace, "");
        return sorted(type)
                .subMap(from, new NamespacedName(namespace + "\0", ""))
                .values();
    }

    TreePMap<NamespacedName, StoredObject> sorted(ResourceType type) {
        var sorted = objects.get(type);
        return sorted == null ? TreePMap.empty() : sorted;
    }

    StoreImage after(StoreChange change) {
        return switch (change) {
            case StoreChange.Added(var object) -> with(object, object.resourceVersion());
            case StoreChange.Modified(var _, var object) -> with(object, object.resourceVersion());
            case StoreChange.Deleted(var before, var object) -> without(before, object.resourceVersion());
        };
    }

    /** The image before its latest change. */
    StoreImage before(StoreChange latest) {
        long version = latest.resourceVersion() - 1;
        return switch (latest) {
            case StoreChange.Added(var object) -> without(object, version);
            case StoreChange.Modified(var before, var _) -> with(before, version);
            case StoreChange.Deleted(var before, var _) -> with(before, version);
        };
    }

    private StoreImage with(StoredObject object, long version) {
        return new StoreImage(
                version, objects.plus(object.type(), sorted(object.type()).plus(object.name(), object)));
    }

    private StoreImage without(StoredObject object, long version) {
        return new StoreImage(
                version, objects.plus(object.type(), sorted(object.type()).minus(object.name())));
    }
}
