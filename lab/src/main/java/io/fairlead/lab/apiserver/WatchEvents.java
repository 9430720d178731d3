package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes watch events, one JSON object per line; buffered until {@link #flush()}. */
final class WatchEvents {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Rendering rendering;
    private final OutputStream out;

    WatchEvents(Rendering rendering, OutputStream out) {
        this.rendering = rendering;
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    void object(String event, StoredObject object) throws IOException {
        ascii("{\"type\":\"" + event + "\",\"object\":");
        rendering.single(object, out);
        ascii("}\n");
    }

    /**
     * Writes what a change means to somebody who sees only a selection: an object that enters it is added, one that leaves
     * it is deleted, in the last state that belonged to it.
     */
    void change(StoreChange change, Selection selection) throws IOException {
        switch (change) {
            case StoreChange.Added(var object) -> {
                if (selection.matches(object)) {
                    object("ADDED", object);
                }
            }
            case StoreChange.Modified(var before, var object) -> {
                boolean was = selection.matches(before);
                boolean is = selection.matches(object);
                if (is) {
                    object(was ? "MODIFIED" : "ADDED", object);
                } else if (was) {
                    object("DELETED", before.at(object.resourceVersion()));
                }
            }
            case StoreChange.Deleted(var before, var object) -> {
                if (selection.matches(before)) {
                    object("DELETED", object);
                }
            }
        }
    }

    /** @param endOfInitialEvents whether this bookmark ends the list part of a streaming list */
    void bookmark(long resourceVersion, boolean endOfInitialEvents) throws IOException {
        var type = rendering.shown();
        var object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(resourceVersion));
        metadata.putNull("creationTimestamp");
        if (endOfInitialEvents) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        tree("BOOKMARK", object);
    }

    void error(ApiException error) throws IOException {
        tree("ERROR", error.toStatus());
    }

    void raw(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    void flush() throws IOException {
        out.flush();
    }

    private void tree(String event, ObjectNode object) throws IOException {
        var frame = Json.object().put("type", event);
        frame.set("object", object);
        out.write(Json.bytes(frame));
        out.write('\n');
    }

    private void ascii(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
