package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The objects of a cluster: one immutable image, the changes that led to it, and one writer at a time.
 *
 * <p>Every change gets the next resource version. The last {@code historySize} changes are remembered, so that watches can
 * catch up and pages of one list can be cut from the same version: an earlier image is the current one with the later
 * changes undone. Outlives the servers in front of it. Safe for use by many threads; trees given are not kept, trees
 * returned are the caller's.
 */
public final class ObjectStore {

    private static final int DEFAULT_HISTORY = 50_000;

    private final ResourceTypes types;
    private final InstantSource clock;
    private final ObjectRules rules;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ChangeHistory history;
    private volatile StoreImage image;

    private ObjectStore(
            ResourceTypes types, InstantSource clock, ObjectRules rules, int historySize, StoreImage image) {
        this.types = types;
        this.clock = clock;
        this.rules = rules;
        this.image = image;
        this.history = new ChangeHistory(historySize, image.resourceVersion());
    }

    /** An empty store for the standard types. */
    public static ObjectStore create() {
        return create(ResourceTypes.standard());
    }

    public static ObjectStore create(ResourceTypes types) {
        return create(types, DEFAULT_HISTORY, InstantSource.system());
    }

    /** @param historySize how many changes are remembered, at least 1 */
    public static ObjectStore create(ResourceTypes types, int historySize, InstantSource clock) {
        return create(types, historySize, clock, ObjectRules.NONE);
    }

    /** @param rules what happens to objects beyond being kept */
    public static ObjectStore create(ResourceTypes types, int historySize, InstantSource clock, ObjectRules rules) {
        return new ObjectStore(types, clock, rules, historySize, StoreImage.empty(1));
    }

    /** An empty store that remembers nothing of this one, with versions beyond it: a cluster restored from nothing. */
    public ObjectStore successor() {
        var empty = StoreImage.empty(image.resourceVersion() + 1000);
        return new ObjectStore(types, clock, rules, history.capacity(), empty);
    }

    /** A copy to try a write on: the same objects and rules, but nothing done to it is seen or remembered here. */
    ObjectStore scratch() {
        return new ObjectStore(types, clock, new Rehearsal(rules), 1, image);
    }

    /**
     * Follows this store.
     *
     * @param name of the follower's thread
     * @param each gets Added for everything present, then every change in order
     */
    public StoreFollower follow(String name, Consumer<StoreChange> each) {
        return StoreFollower.start(this, name, each);
    }

    public ResourceTypes types() {
        return types;
    }

    /** Everything, as of now. */
    public StoreImage image() {
        return image;
    }

    /**
     * Everything, as of a version.
     *
     * @throws ApiException 410 if changes since then are forgotten, 504 if the version is in the future
     */
    public StoreImage imageAt(long resourceVersion) {
        lock.lock();
        try {
            var at = image;
            if (resourceVersion > at.resourceVersion()) {
                throw ApiException.tooLargeVersion(resourceVersion, at.resourceVersion());
            }
            history.requireAfter(resourceVersion);
            while (at.resourceVersion() > resourceVersion) {
                at = at.before(history.get(at.resourceVersion()));
            }
            return at;
        } finally {
            lock.unlock();
        }
    }

    /** Creates an object; its type is told by its kind and apiVersion. */
    public StoredObject create(ObjectNode object) {
        return create(typeOf(object), object);
    }

    /** @throws ApiException 409 if the name is taken, 422 if there is none */
    public StoredObject create(ResourceType type, ObjectNode object) {
        return locked(() -> add(type, object.deepCopy()));
    }

    /** Creates the object, or replaces the one of its name whatever its version. */
    public StoredObject put(ObjectNode object) {
        var type = typeOf(object);
        return locked(() -> {
            var copy = object.deepCopy();
            ObjectMeta.of(copy).remove("resourceVersion");
            var name = ObjectMeta.name(type, copy);
            return image.get(type, name).map(before -> modify(before, copy)).orElseGet(() -> add(type, copy));
        });
    }

    /**
     * Changes an object. If the result still carries a resource version it must be the current one; a result equal to what
     * is stored changes nothing.
     *
     * @param edit gets a tree of its own, may change and return it; runs with the store locked
     * @throws ApiException 404 if it does not exist, 409 if the version or uid is not the current one
     */
    public StoredObject edit(ResourceType type, NamespacedName name, UnaryOperator<ObjectNode> edit) {
        return locked(() -> {
            var before = require(type, name);
            return modify(before, edit.apply(before.toJson()));
        });
    }

    /**
     * Deletes an object without grace; where the rules have it wait for finalizers, it still does.
     *
     * @return its last state, under the deletion's version
     * @throws ApiException 404 if it does not exist
     */
    public StoredObject delete(ResourceType type, NamespacedName name) {
        return delete(type, name, Json.object().put("gracePeriodSeconds", 0));
    }

    /**
     * Deletes an object as a client asks for it.
     *
     * @param options DeleteOptions; its preconditions must hold
     * @return its last state, or the state in which it waits for its end
     * @throws ApiException 404 if it does not exist, 409 if a precondition does not hold
     */
    public StoredObject delete(ResourceType type, NamespacedName name, JsonNode options) {
        return locked(() -> {
            var before = require(type, name);
            var object = before.toJson();
            Preconditions.require(before, object, options.path("preconditions"));
            return rules.delete(type, object, options, clock.instant())
                    .map(kept -> keep(before, kept))
                    .orElseGet(() -> remove(before));
        });
    }

    private StoredObject keep(StoredObject before, ObjectNode edited) {
        var kept = Json.parseOwn(Json.bytes(edited));
        if (kept.equals(before.toJson())) {
            return before;
        }
        var stored = StoredObject.encode(before.type(), nextVersion(), kept);
        commit(new StoreChange.Modified(before, stored));
        return stored;
    }

    private StoredObject remove(StoredObject before) {
        var last = before.at(nextVersion());
        commit(new StoreChange.Deleted(before, last));
        return last;
    }

    /**
     * Creates or replaces many objects; watchers are told when all are there.
     *
     * @throws ApiException at the first object of an unknown type or without a name; those before it stay
     */
    public void load(List<ObjectNode> objects) {
        locked(() -> {
            objects.forEach(this::put);
            return image;
        });
    }

    /** Loads a JSON file that holds one object or a {@code List}. */
    public void load(Path file) throws IOException {
        JsonNode document = Json.parse(Files.readAllBytes(file));
        var objects = new ArrayList<ObjectNode>();
        for (var node : document.has("items") ? document.get("items") : List.of(document)) {
            if (!(node instanceof ObjectNode object)) {
                throw new IOException(file + ": " + node + " is not an object");
            }
            objects.add(object);
        }
        load(objects);
    }

    /** Forgets all history: watches that have not caught up, and pages of lists already begun, get 410. */
    public void compact() {
        locked(() -> {
            history.compact(image.resourceVersion());
            return image;
        });
    }

    /**
     * The next changes after a version, at most {@code limit}; empty if there are none yet.
     *
     * @throws ApiException 410 if some of them are forgotten
     */
    List<StoreChange> changesAfter(long resourceVersion, int limit) {
        lock.lock();
        try {
            history.requireAfter(resourceVersion);
            var changes = new ArrayList<StoreChange>();
            long last = Math.min(image.resourceVersion(), resourceVersion + limit);
            for (long version = resourceVersion + 1; version <= last; version++) {
                changes.add(history.get(version));
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something after a version, the time is over, or a woken waiter wants to leave. */
    void awaitChange(long resourceVersion, Duration timeout, BooleanSupplier leave) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = timeout.toNanos();
            while (image.resourceVersion() <= resourceVersion && !leave.getAsBoolean() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets every waiter look again whether it wants to leave. */
    void wake() {
        locked(() -> image);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    private long nextVersion() {
        return image.resourceVersion() + 1;
    }

    private StoredObject require(ResourceType type, NamespacedName name) {
        return image.get(type, name).orElseThrow(() -> ApiException.notFound(type, name.name()));
    }

    private StoredObject add(ResourceType type, ObjectNode object) {
        ObjectMeta.complete(type, object, clock.instant());
        rules.create(type, object, image);
        var name = ObjectMeta.name(type, object);
        if (image.get(type, name).isPresent()) {
            throw ApiException.alreadyExists(type, name.name());
        }
        var stored = StoredObject.encode(type, nextVersion(), object);
        commit(new StoreChange.Added(stored));
        return stored;
    }

    private StoredObject modify(StoredObject before, ObjectNode edited) {
        var old = before.toJson();
        // As it will be read again: a number is equal to itself however it was put there.
        var after = Json.parseOwn(Json.bytes(edited));
        Preconditions.check(before, old, after);
        ObjectMeta.carryOver(old, after);
        ObjectMeta.of(after).set("resourceVersion", old.path("metadata").path("resourceVersion"));
        after.put("kind", before.type().kind()).put("apiVersion", before.type().apiVersion());
        if (after.equals(old)) {
            return before;
        }
        rules.update(before.type(), old, after, image);
        if (rules.isFinished(before.type(), after)) {
            return remove(before);
        }
        ObjectMeta.countChange(old, after);
        if (after.equals(old)) {
            return before;
        }
        var stored = StoredObject.encode(before.type(), nextVersion(), after);
        commit(new StoreChange.Modified(before, stored));
        return stored;
    }

    private void commit(StoreChange change) {
        history.add(change);
        image = image.after(change);
        rules.committed(change);
    }

    private ResourceType typeOf(ObjectNode object) {
        var apiVersion = object.path("apiVersion").asText("");
        var kind = object.path("kind").asText("");
        return types.byKind(apiVersion, kind)
                .orElseThrow(() -> ApiException.badRequest(
                        "kind \"%s\" of apiVersion \"%s\" is not among the store's resource types"
                                .formatted(kind, apiVersion)));
    }

    /** What this store remembers, for errors and tests: the oldest version a watch can start from. */
    public long oldestVersion() {
        lock.lock();
        try {
            return history.forgottenUpTo();
        } finally {
            lock.unlock();
        }
    }

    /** The object, if it is there now. */
    public Optional<StoredObject> get(ResourceType type, NamespacedName name) {
        return image.get(type, name);
    }
}
