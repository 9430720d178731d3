package io.fairlead.lab.apiserver;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One running watch: follows the store on the request's own thread, until its time is over or it is told to end. */
final class Watch {

    private static final int BATCH = 500;

    /** What a running watch can be told to do. */
    sealed interface Order {

        /** End the stream properly. */
        record Close() implements Order {}

        /** Break off in the middle of a frame and cut the connection. */
        record Truncate() implements Order {}

        /** Write something into the stream. */
        record Send(String text) implements Order {}

        /** Say that history is gone, and end. */
        record Expire() implements Order {}
    }

    private final ObjectStore store;
    private final Selection selection;
    private final Rendering rendering;
    private final WatchRequest request;
    private final Duration bookmarkInterval;
    private final long deadline;
    private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
    private long nextBookmark;
    private long cursor;

    /**
     * @param bookmarkInterval how long a quiet watch waits before its next bookmark
     * @param defaultTimeout how long a watch lasts that does not say
     */
    Watch(
            ObjectStore store,
            Selection selection,
            Rendering rendering,
            WatchRequest request,
            Duration bookmarkInterval,
            Duration defaultTimeout) {
        this.store = store;
        this.selection = selection;
        this.rendering = rendering;
        this.request = request;
        this.bookmarkInterval = bookmarkInterval;
        long now = System.nanoTime();
        this.deadline = now + request.timeout().orElse(defaultTimeout).toNanos();
        this.nextBookmark = now + bookmarkInterval.toNanos();
        this.cursor = request.version();
    }

    /** @throws ApiException 504 if the version is in the future */
    void requirePast() {
        long current = store.image().resourceVersion();
        if (request.version() > current) {
            throw ApiException.tooLargeVersion(request.version(), current);
        }
    }

    /** @throws ApiException 410 if what follows the version is forgotten; otherwise the stream will say so */
    void requireHistory() {
        if (!request.beginsWithObjects() && request.version() > 0) {
            store.changesAfter(request.version(), 0);
        }
    }

    void order(Order order) {
        orders.add(order);
        store.wake();
    }

    /** Follows until the end. An IOException means that the connection is to be cut. */
    void run(OutputStream out) throws IOException, InterruptedException {
        var events = new WatchEvents(rendering, out);
        try {
            begin(events);
            boolean more = true;
            while (more) {
                events.flush();
                more = step(events);
            }
        } catch (ApiException e) {
            events.error(e);
        }
        events.flush();
    }

    private void begin(WatchEvents events) throws IOException {
        if (request.beginsWithObjects()) {
            var image = store.image();
            for (var object :
                    ObjectList.of(image, selection, Optional.empty(), 0).items()) {
                events.object("ADDED", object);
            }
            cursor = image.resourceVersion();
            if (request.marksEndOfObjects()) {
                events.bookmark(cursor, true);
            }
        } else if (cursor == 0) {
            cursor = store.image().resourceVersion();
        }
    }

    private boolean step(WatchEvents events) throws IOException, InterruptedException {
        var order = orders.poll();
        if (order != null) {
            return obey(order, events);
        }
        var changes = store.changesAfter(cursor, BATCH);
        for (var change : changes) {
            events.change(change, selection);
            cursor = change.resourceVersion();
        }
        return !changes.isEmpty() || rest(events);
    }

    /** Nothing has happened: a bookmark if one is due, then sleep. */
    private boolean rest(WatchEvents events) throws IOException, InterruptedException {
        long now = System.nanoTime();
        boolean over = now - deadline >= 0;
        if (request.bookmarks() && (over || now - nextBookmark >= 0)) {
            events.bookmark(cursor, false);
            events.flush();
            nextBookmark = now + bookmarkInterval.toNanos();
        }
        if (over) {
            return false;
        }
        long wait = Math.min(deadline - now, request.bookmarks() ? nextBookmark - now : Long.MAX_VALUE);
        store.awaitChange(cursor, Duration.ofNanos(wait), () -> !orders.isEmpty());
        return true;
    }

    private boolean obey(Order order, WatchEvents events) throws IOException {
        switch (order) {
            case Order.Close() -> {
                return false;
            }
            case Order.Truncate() -> {
                events.raw("{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"");
                events.flush();
                throw new IOException("injected fault: watch frame truncated");
            }
            case Order.Send(var text) -> {
                events.raw(text);
                return true;
            }
            case Order.Expire() -> throw ApiException.expired(cursor, store.oldestVersion());
        }
    }
}
