package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * One thing wrong with an object, worded as API servers word it: a client prints {@code field: message}.
 *
 * @param reason the machine-readable cause, such as {@code FieldValueInvalid}
 */
public record FieldError(String field, String reason, String message) {

    public static FieldError required(String field) {
        return new FieldError(field, "FieldValueRequired", "Required value");
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(field, "FieldValueRequired", "Required value: " + detail);
    }

    /** @param value strings are shown quoted, everything else as JSON */
    public static FieldError invalid(String field, JsonNode value, String detail) {
        return new FieldError(field, "FieldValueInvalid", "Invalid value: " + value + ": " + detail);
    }

    public static FieldError invalid(String field, String value, String detail) {
        return invalid(field, Json.text(value), detail);
    }

    public static FieldError duplicate(String field, JsonNode value) {
        return new FieldError(field, "FieldValueDuplicate", "Duplicate value: " + value);
    }

    public static FieldError notSupported(String field, String value, Collection<String> supported) {
        var list = supported.stream().sorted().map(v -> "\"" + v + "\"").collect(Collectors.joining(", "));
        return new FieldError(
                field, "FieldValueNotSupported", "Unsupported value: \"" + value + "\": supported values: " + list);
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(field, "FieldValueForbidden", "Forbidden: " + detail);
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
