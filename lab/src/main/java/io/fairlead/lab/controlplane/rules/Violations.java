package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What has been found wrong with an object so far. */
final class Violations {

    private final List<FieldError> errors = new ArrayList<>();

    void add(FieldError error) {
        errors.add(error);
    }

    void required(String field) {
        add(FieldError.required(field));
    }

    void required(String field, String detail) {
        add(FieldError.required(field, detail));
    }

    void invalid(String field, JsonNode value, String why) {
        add(FieldError.invalid(field, value, why));
    }

    void forbidden(String field, String why) {
        add(FieldError.forbidden(field, why));
    }

    /** The value must be one of these; absence is not looked at. */
    void oneOf(String field, JsonNode value, Collection<String> supported) {
        if (value.isTextual() && !supported.contains(value.asText())) {
            add(FieldError.notSupported(field, value.asText(), supported));
        }
    }

    /** A string must have a form; absence is not looked at. */
    void form(String field, JsonNode value, Optional<String> problem) {
        problem.ifPresent(why -> invalid(field, value, why));
    }

    /** A port number, 1 to 65535. */
    void port(String field, JsonNode value) {
        if (value.asInt() < 1 || value.asInt() > 65535) {
            invalid(field, value, "must be between 1 and 65535, inclusive");
        }
    }

    boolean any() {
        return !errors.isEmpty();
    }

    /** @throws ApiException 422 with all of it, if there is anything */
    void refuse(ResourceType type, ObjectNode object) {
        if (any()) {
            throw ApiException.invalid(type, ObjectMeta.text(object, "name"), errors);
        }
    }
}
