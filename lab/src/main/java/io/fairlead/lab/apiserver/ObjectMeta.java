package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What a server does to {@code metadata}, and where to find it. */
public final class ObjectMeta {

    // The letters an API server appends to generateName: no vowels, nothing that looks like another.
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX_LENGTH = 5;
    // So that the whole is a DNS label.
    private static final int LONGEST_PREFIX = 63 - SUFFIX_LENGTH;

    private ObjectMeta() {}

    /** The object's metadata, made if absent. */
    public static ObjectNode of(ObjectNode object) {
        var metadata = object.path("metadata");
        if (metadata instanceof ObjectNode present) {
            return present;
        }
        if (!metadata.isMissingNode() && !metadata.isNull()) {
            throw ApiException.badRequest("metadata: " + metadata + " is not an object");
        }
        return object.putObject("metadata");
    }

    /** A scalar of the metadata; empty if there is none. */
    public static String text(ObjectNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    /** The key under which the object is stored; namespaced objects without a namespace belong to {@code default}. */
    public static NamespacedName name(ResourceType type, ObjectNode object) {
        var namespace = text(object, "namespace");
        return new NamespacedName(
                !type.namespaced() ? "" : namespace.isEmpty() ? "default" : namespace, text(object, "name"));
    }

    /** Completes a new object: a name from generateName, namespace, uid, creation time, generation. */
    static void complete(ResourceType type, ObjectNode object, Instant now) {
        var metadata = of(object);
        if (text(object, "name").isEmpty() && !text(object, "generateName").isEmpty()) {
            metadata.put("name", generate(text(object, "generateName")));
        }
        checkName(type, text(object, "name"));
        if (type.namespaced()) {
            metadata.put("namespace", name(type, object).namespace());
        } else {
            metadata.remove("namespace");
        }
        if (text(object, "uid").isEmpty()) {
            metadata.put("uid", UUID.randomUUID().toString());
        }
        if (text(object, "creationTimestamp").isEmpty()) {
            metadata.put(
                    "creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        metadata.put("generation", metadata.path("generation").asLong(1));
    }

    /** Carries over what a client cannot change. */
    static void carryOver(ObjectNode before, ObjectNode after) {
        var metadata = of(after);
        for (var field : new String[] {"uid", "creationTimestamp", "generation", "namespace"}) {
            JsonNode kept = before.path("metadata").path(field);
            if (!kept.isMissingNode()) {
                metadata.set(field, kept);
            }
        }
    }

    /** Counts a changed spec, where specs are counted at all. */
    static void countChange(ObjectNode before, ObjectNode after) {
        var metadata = of(after);
        if (metadata.has("generation") && !before.path("spec").equals(after.path("spec"))) {
            metadata.put("generation", metadata.path("generation").asLong(1) + 1);
        }
    }

    /** A name as the server makes it from a generateName. */
    public static String generate(String prefix) {
        return prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + suffix();
    }

    /** The name must survive in a path; everything else is left to the client, for tests of hostile names. */
    private static void checkName(ResourceType type, String name) {
        if (name.isEmpty()) {
            throw ApiException.invalid(type, name, "metadata.name", "name or generateName is required");
        }
        if (name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw ApiException.invalid(type, name, "metadata.name", "\"" + name + "\" cannot be part of a path");
        }
    }

    private static String suffix() {
        var suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
        }
        return suffix.toString();
    }
}
