package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.schema.Decoding;
import io.fairlead.lab.schema.Schema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decodes what a client has sent, and does with unknown fields what it asks for: fieldValidation. */
final class FieldCheck {

    private final Optional<Schema> schema;
    private final Exchange exchange;

    FieldCheck(Optional<Schema> schema, Exchange exchange) {
        this.schema = schema;
        this.exchange = exchange;
    }

    /** Drops unknown fields; warns of them, or refuses them, or says nothing. */
    void check(ResourceType type, ObjectNode object) {
        if (schema.isEmpty()) {
            return;
        }
        var unknown = decode(schema.get(), type, object).stream()
                .map(path -> "unknown field \"" + path + "\"")
                .toList();
        if (unknown.isEmpty()) {
            return;
        }
        var asked = exchange.query().get("fieldValidation").orElse("Warn");
        switch (asked) {
            case "Ignore" -> {}
            case "Warn" -> unknown.forEach(exchange::warn);
            case "Strict" ->
                throw refused(type, "strict decoding error: " + unknown.stream().collect(Collectors.joining(", ")));
            default ->
                throw ApiException.badRequest(
                        "fieldValidation: \"" + asked + "\" is not supported; supported: Ignore, Warn, Strict");
        }
    }

    private static List<String> decode(Schema schema, ResourceType type, ObjectNode object) {
        try {
            return Decoding.decode(schema, type.apiVersion(), type.kind(), object);
        } catch (Decoding.TypeMismatchException e) {
            throw refused(type, String.valueOf(e.getMessage()));
        }
    }

    private static ApiException refused(ResourceType type, String why) {
        return ApiException.badRequest("%s in version \"%s\" cannot be handled as a %s: %s"
                .formatted(type.kind(), type.version(), type.kind(), why));
    }
}
