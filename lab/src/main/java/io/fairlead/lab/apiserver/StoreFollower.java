package io.fairlead.lab.apiserver;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Follows a store inside this process: everything present as {@link StoreChange.Added}, then every change in order, on a
 * virtual thread of its own. A follower so slow that what it has not seen is forgotten ends with an error.
 */
public final class StoreFollower implements AutoCloseable {

    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final Consumer<StoreChange> each;
    private final Thread thread;
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

    private void run() {
        var image = store.image();
        for (var type : store.types().all()) {
            image.objects(type).forEach(object -> {
                if (!closed) {
                    each.accept(new StoreChange.Added(object));
                }
            });
        }
        long cursor = image.resourceVersion();
        try {
            while (!closed) {
                for (var change : store.changesAfter(cursor, BATCH)) {
                    if (closed) {
                        return;
                    }
                    each.accept(change);
                    cursor = change.resourceVersion();
                }
                store.awaitChange(cursor, PATIENCE, () -> closed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
