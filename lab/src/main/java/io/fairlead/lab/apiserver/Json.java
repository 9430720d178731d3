package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** JSON trees and bytes. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory TOKENS = MAPPER.getFactory();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A string as JSON. */
    public static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException if the bytes are not one JSON value */
    static JsonNode parse(byte[] json) throws IOException {
        var node = MAPPER.readTree(json);
        if (node == null || node.isMissingNode()) {
            throw new IOException("empty document");
        }
        return node;
    }

    /** @throws IOException if the bytes are not one YAML document; JSON is one */
    static JsonNode parseYaml(byte[] yaml) throws IOException {
        var node = new ObjectMapper(new YAMLFactory()).readTree(yaml);
        if (node == null || node.isMissingNode()) {
            throw new IOException("empty document");
        }
        return node;
    }

    /** Parses what this package itself has written. */
    static ObjectNode parseOwn(byte[] json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The scalar at a path of object fields, without building a tree; empty when absent, null or not a scalar. */
    static String textAt(byte[] json, List<String> path) {
        try (var parser = TOKENS.createParser(json)) {
            parser.nextToken();
            int depth = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(path.get(depth));
                var value = parser.nextToken();
                if (!wanted) {
                    parser.skipChildren();
                } else if (depth == path.size() - 1) {
                    return value.isScalarValue() && value != JsonToken.VALUE_NULL ? parser.getText() : "";
                } else if (value == JsonToken.START_OBJECT) {
                    depth++;
                } else {
                    return "";
                }
            }
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
