package io.fairlead.proxy.source.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small YAML or JSON document as a tree: a kubeconfig, the answer of a credential plugin. */
record Document(Map<String, Object> fields) {

    static Document parse(String text) throws IOException {
        try (var parser = new YAMLFactory().createParser(text)) {
            parser.nextToken();
            return of(value(parser));
        }
    }

    @SuppressWarnings("unchecked")
    private static Document of(Object value) {
        return new Document(value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
    }

    private static Object value(JsonParser parser) throws IOException {
        var token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            var map = new LinkedHashMap<String, Object>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(parser));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            var list = new ArrayList<Object>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        return token == null || token == JsonToken.VALUE_NULL ? "" : parser.getText();
    }

    /** Empty when absent, null or the empty string. */
    Optional<String> text(String field) {
        return fields.get(field) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    boolean isTrue(String field) {
        return "true".equals(fields.get(field));
    }

    /** An empty document when absent. */
    Document child(String field) {
        return of(fields.getOrDefault(field, Map.of()));
    }

    List<Document> children(String field) {
        return fields.get(field) instanceof List<?> list
                ? list.stream().map(Document::of).toList()
                : List.of();
    }

    List<String> texts(String field) {
        return fields.get(field) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
