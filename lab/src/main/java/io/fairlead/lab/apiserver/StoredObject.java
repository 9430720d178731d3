package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One version of one object, immutable: encoded once, written to any number of clients.
 *
 * <p>The bytes leave out {@code kind} and {@code apiVersion}: an API server's lists carry them once, its single objects and
 * watch events carry them each.
 */
public final class StoredObject {

    private final ResourceType type;
    private final NamespacedName name;
    private final long resourceVersion;
    private final Map<String, String> labels;
    private final byte[] json;

    private StoredObject(ResourceType type, NamespacedName name, long resourceVersion, ObjectNode object) {
        this.type = type;
        this.name = name;
        this.resourceVersion = resourceVersion;
        this.labels = labelsOf(object);
        this.json = Json.bytes(object.without(List.of("kind", "apiVersion")));
    }

    /** Encodes an object; the tree given is changed (its resource version is set) and not kept. */
    static StoredObject encode(ResourceType type, long resourceVersion, ObjectNode object) {
        var metadata = ObjectMeta.of(object);
        metadata.put("resourceVersion", Long.toString(resourceVersion));
        return new StoredObject(type, ObjectMeta.name(type, object), resourceVersion, object);
    }

    private static Map<String, String> labelsOf(ObjectNode object) {
        var labels = new HashMap<String, String>();
        object.path("metadata")
                .path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return Map.copyOf(labels);
    }

    public ResourceType type() {
        return type;
    }

    /** The namespace is empty for cluster-scoped types. */
    public NamespacedName name() {
        return name;
    }

    public long resourceVersion() {
        return resourceVersion;
    }

    public Map<String, String> labels() {
        return labels;
    }

    /** A fresh tree of the whole object. */
    public ObjectNode toJson() {
        var object = Json.object();
        object.put("kind", type.kind());
        object.put("apiVersion", type.apiVersion());
        object.setAll(Json.parseOwn(json));
        return object;
    }

    /** The scalar at a dotted path such as {@code spec.clusterIP}; empty when there is none. */
    public String field(List<String> path) {
        return Json.textAt(json, path);
    }

    /** The same object under another version. */
    StoredObject at(long version) {
        return encode(type, version, Json.parseOwn(json));
    }

    void writeItem(OutputStream out) throws IOException {
        out.write(json);
    }

    void writeWhole(OutputStream out) throws IOException {
        var head = "{\"kind\":\"" + type.kind() + "\",\"apiVersion\":\"" + type.apiVersion() + "\",";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        out.write(json, 1, json.length - 1);
    }

    /** For instance {@code services default/web @17}. */
    @Override
    public String toString() {
        return type.qualifiedPlural() + " " + name + " @" + resourceVersion;
    }
}
