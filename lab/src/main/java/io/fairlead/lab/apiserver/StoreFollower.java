package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Follows a store inside this process: everything present as {@link StoreChange.Added}, then every change in order, on a
 * virtual thread of its own. A follower so slow that what it has not seen is forgotten is told what is gone as deleted and
 * what is there as added once more, and goes on from there.
 */
public final class StoreFollower implements AutoCloseable {

    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final Consumer<StoreChange> each;
    private final Thread thread;
    // What the listener knows, as it was last told; of the follower's thread.
    private final Map<Key, StoredObject> told = new HashMap<>();
    private volatile boolean closed;

    private StoreFollower(ObjectStore store, String name, Consumer<StoreChange> each) {
        this.store = store;
        this.each = each;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    static StoreFollower start(ObjectStore store, String name, Consumer<StoreChange> each) {
        var follower = new StoreFollower(store, name, each);
        follower.thread.start();
        return follower;
    }

    private record Key(ResourceType type, NamespacedName name) {}

    private void run() {
        try {
            long cursor = begin();
            while (!closed) {
                cursor = step(cursor);
                store.awaitChange(cursor, PATIENCE, () -> closed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return the version up to which all has been told */
    private long step(long from) {
        List<StoreChange> changes;
        try {
            changes = store.changesAfter(from, BATCH);
        } catch (ApiException e) {
            return begin();
        }
        long cursor = from;
        for (var change : changes) {
            tell(change);
            cursor = change.resourceVersion();
        }
        return cursor;
    }

    /** Tells everything present, and what was there before and is no more. */
    private long begin() {
        var image = store.image();
        for (var gone : List.copyOf(told.values())) {
            if (image.get(gone.type(), gone.name()).isEmpty()) {
                tell(new StoreChange.Deleted(gone, gone));
            }
        }
        for (var type : store.types().all()) {
            image.objects(type).forEach(object -> tell(new StoreChange.Added(object)));
        }
        return image.resourceVersion();
    }

    private void tell(StoreChange change) {
        if (closed) {
            return;
        }
        var object = change.object();
        var key = new Key(object.type(), object.name());
        if (change instanceof StoreChange.Deleted) {
            told.remove(key);
        } else {
            told.put(key, object);
        }
        each.accept(change);
    }

    /** Ends it and waits until the last call has returned; not to be called from within one. */
    @Override
    public void close() {
        closed = true;
        store.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
