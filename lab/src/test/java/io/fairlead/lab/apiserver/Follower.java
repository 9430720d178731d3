package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A simple client that lists in pages or streams its list, then watches, and begins anew when it must. */
final class Follower implements AutoCloseable {

    private static final String SERVICES = "/api/v1/services";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestClient client;
    private final boolean streaming;
    private final Thread thread = Thread.ofVirtual().unstarted(this::follow);
    private Map<String, String> seen = new TreeMap<>();
    private long version;
    private volatile boolean closed;

    Follower(ApiServer server, boolean streaming) {
        this.client = TestClient.of(server);
        this.streaming = streaming;
    }

    void start() {
        thread.start();
    }

    /** What it has seen when it has reached a version, or when patience ends. */
    synchronized Map<String, String> after(long wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (version < wanted && System.nanoTime() < end) {
            wait(100);
        }
        return Map.copyOf(seen);
    }

    private void follow() {
        boolean known = false;
        while (!closed) {
            try {
                if (!known && !streaming) {
                    list();
                }
                known = watch(known || !streaming);
            } catch (IOException e) {
                // Cut off or refused: go on from where we are, if we are anywhere.
                known = known || version() > 0 && !streaming;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void list() throws IOException, InterruptedException {
        var listed = new TreeMap<String, String>();
        var token = "";
        JsonNode page;
        do {
            var answer = client.get(SERVICES + "?limit=3" + token);
            if (answer.status() != 200) {
                throw new IOException("list: " + answer.status());
            }
            page = answer.json();
            page.get("items").forEach(item -> listed.put(name(item), state(item)));
            token = "&continue=" + page.at("/metadata/continue").asText();
        } while (page.path("metadata").has("continue"));
        replace(listed, page);
    }

    /** @return whether what has been seen is still good to go on from */
    private boolean watch(boolean known) throws IOException, InterruptedException {
        var query =
                known ? "&resourceVersion=" + version() : "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
        var listed = new TreeMap<String, String>();
        boolean initial = !known;
        try (var watch = client.watch(SERVICES + "?allowWatchBookmarks=true" + query)) {
            for (var event = watch.next(); event.isPresent(); event = watch.next()) {
                var object = event.get().path("object");
                var type = event.get().path("type").asText();
                if (type.equals("ERROR")) {
                    return false;
                }
                if (!initial) {
                    apply(type, object);
                } else if (type.equals("BOOKMARK")) {
                    replace(listed, object);
                    initial = false;
                } else {
                    listed.put(name(object), state(object));
                }
            }
        }
        return !initial;
    }

    private synchronized long version() {
        return version;
    }

    private synchronized void replace(TreeMap<String, String> listed, JsonNode from) {
        seen = listed;
        version = from.at("/metadata/resourceVersion").asLong();
        notifyAll();
    }

    private synchronized void apply(String type, JsonNode object) {
        switch (type) {
            case "ADDED", "MODIFIED" -> seen.put(name(object), state(object));
            case "DELETED" -> seen.remove(name(object));
            default -> {}
        }
        version = object.at("/metadata/resourceVersion").asLong();
        notifyAll();
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static String state(JsonNode object) {
        return object.at("/metadata/labels/value").asText() + " @"
                + object.at("/metadata/resourceVersion").asText();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        client.close();
    }
}
