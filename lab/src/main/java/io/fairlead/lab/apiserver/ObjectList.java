package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A page of a list, or all of it: references to stored objects, encoded only while written.
 *
 * @param remaining how many objects follow, where that is known without looking at them
 */
record ObjectList(
        ResourceType type,
        long resourceVersion,
        List<StoredObject> items,
        Optional<String> continueToken,
        OptionalLong remaining) {

    /**
     * Cuts a page out of an image.
     *
     * @param after the last object of the page before
     * @param limit 0 for all
     */
    static ObjectList of(StoreImage image, Selection selection, Optional<NamespacedName> after, long limit) {
        var sorted = image.sorted(selection.type());
        var start = after.or(() -> selection.namespace().map(namespace -> new NamespacedName(namespace, "")));
        var candidates = start.map(key -> sorted.tailMap(key, false)).orElse(sorted);
        var items = new ArrayList<StoredObject>();
        long seen = 0;
        for (var object : candidates.values()) {
            if (!selection.inNamespace(object.name())) {
                break;
            }
            if (limit > 0 && items.size() == limit) {
                // Somebody follows, selected or not: as with a real server, the last page may turn out empty.
                var token = new ContinueToken(
                        image.resourceVersion(), items.getLast().name());
                return new ObjectList(
                        selection.type(),
                        image.resourceVersion(),
                        items,
                        Optional.of(token.encode()),
                        selection.isWhole() && selection.namespace().isEmpty()
                                ? OptionalLong.of(candidates.size() - seen)
                                : OptionalLong.empty());
            }
            seen++;
            if (selection.matches(object)) {
                items.add(object);
            }
        }
        return new ObjectList(selection.type(), image.resourceVersion(), items, Optional.empty(), OptionalLong.empty());
    }

    /** The same page, with another token. */
    ObjectList continuedBy(String token) {
        return new ObjectList(type, resourceVersion, items, Optional.of(token), OptionalLong.empty());
    }

    ObjectNode metadata() {
        var metadata = Json.object().put("resourceVersion", Long.toString(resourceVersion));
        continueToken.ifPresent(token -> metadata.put("continue", token));
        remaining.ifPresent(count -> metadata.put("remainingItemCount", count));
        return metadata;
    }

    /** Writes {@code {"kind":"ServiceList",…,"items":[…]}}, metadata before items. */
    void writeTo(OutputStream out) throws IOException {
        var head = Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
        head.set("metadata", metadata());
        byte[] opening = Json.bytes(head);
        out.write(opening, 0, opening.length - 1);
        out.write(",\"items\":[".getBytes(StandardCharsets.US_ASCII));
        boolean first = true;
        for (var item : items) {
            if (!first) {
                out.write(',');
            }
            first = false;
            item.writeItem(out);
        }
        out.write("]}\n".getBytes(StandardCharsets.US_ASCII));
    }
}
