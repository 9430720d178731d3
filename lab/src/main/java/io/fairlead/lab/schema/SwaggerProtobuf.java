package io.fairlead.lab.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The version 2 document in the protocol buffer form that kubectl insists on: the parts of gnostic's {@code openapiv2}
 * messages that {@link OpenApi} writes. Field numbers are those of OpenAPIv2.proto.
 */
public final class SwaggerProtobuf {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private SwaggerProtobuf() {}

    /** Encodes a document that {@link OpenApi#version2} has made. */
    public static byte[] encode(JsonNode document) {
        return message(to -> {
            to.text(1, document.path("swagger"));
            to.nested(2, info -> {
                info.text(1, document.path("info").path("title"));
                info.text(2, document.path("info").path("version"));
            });
            to.nested(8, paths -> paths.named(2, document.path("paths"), SwaggerProtobuf::path));
            to.nested(9, definitions -> definitions.named(1, document.path("definitions"), SwaggerProtobuf::schema));
        });
    }

    private static byte[] message(Consumer<SwaggerProtobuf> content) {
        var message = new SwaggerProtobuf();
        content.accept(message);
        return message.out.toByteArray();
    }

    private interface Writer {
        void write(SwaggerProtobuf to, JsonNode node);
    }

    /** A repeated field of {@code name = 1, value = 2} pairs. */
    private void named(int field, JsonNode entries, Writer value) {
        for (var entry : entries.properties()) {
            nested(field, pair -> {
                pair.bytes(1, entry.getKey().getBytes(StandardCharsets.UTF_8));
                pair.nested(2, to -> value.write(to, entry.getValue()));
            });
        }
    }

    private static void path(SwaggerProtobuf to, JsonNode path) {
        operation(to, 2, path.path("get"));
        operation(to, 3, path.path("put"));
        operation(to, 4, path.path("post"));
        operation(to, 5, path.path("delete"));
        operation(to, 8, path.path("patch"));
    }

    private static void operation(SwaggerProtobuf path, int field, JsonNode operation) {
        if (operation.isMissingNode()) {
            return;
        }
        path.nested(field, to -> {
            for (var parameter : operation.path("parameters")) {
                to.nested(
                        8,
                        item -> item.nested(
                                1,
                                any -> any.nested(
                                        2,
                                        nonBody -> nonBody.nested(3, query -> {
                                            query.text(2, parameter.path("in"));
                                            query.text(4, parameter.path("name"));
                                            query.text(6, parameter.path("type"));
                                        }))));
            }
            to.nested(9, _ -> {});
            to.extensions(13, operation);
        });
    }

    private static void schema(SwaggerProtobuf to, JsonNode schema) {
        to.text(1, schema.path("$ref"));
        to.text(2, schema.path("format"));
        for (var name : schema.path("required")) {
            to.text(19, name);
        }
        if (schema.has("additionalProperties")) {
            to.nested(21, item -> item.nested(1, inner -> schema(inner, schema.path("additionalProperties"))));
        }
        if (schema.has("type")) {
            to.nested(22, type -> type.text(1, schema.path("type")));
        }
        if (schema.has("items")) {
            to.nested(23, items -> items.nested(1, inner -> schema(inner, schema.path("items"))));
        }
        if (schema.has("properties")) {
            to.nested(25, list -> list.named(1, schema.path("properties"), SwaggerProtobuf::schema));
        }
        to.extensions(31, schema);
    }

    /** {@code x-…} fields, each as YAML text, of which JSON is a part. */
    private void extensions(int field, JsonNode of) {
        for (var entry : of.properties()) {
            if (entry.getKey().startsWith("x-")) {
                nested(field, pair -> {
                    pair.bytes(1, entry.getKey().getBytes(StandardCharsets.UTF_8));
                    pair.nested(
                            2, any -> any.bytes(2, entry.getValue().toString().getBytes(StandardCharsets.UTF_8)));
                });
            }
        }
    }

    private void text(int field, JsonNode value) {
        if (value.isTextual()) {
            bytes(field, value.asText().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void nested(int field, Consumer<SwaggerProtobuf> content) {
        bytes(field, message(content));
    }

    /** A length-delimited field. */
    private void bytes(int field, byte[] value) {
        varint(field << 3 | 2);
        varint(value.length);
        out.writeBytes(value);
    }

    private void varint(int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
