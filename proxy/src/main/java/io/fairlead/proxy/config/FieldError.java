package io.fairlead.proxy.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing wrong with a configuration, worded as upstream words it.
 *
 * @param field where, such as {@code KubeProxyConfiguration.BindAddress}
 * @param problem what, including the value
 */
public record FieldError(String field, String problem) {

    /** @param value as it is to be shown: text quoted, numbers bare */
    static FieldError invalid(String field, String value, String detail) {
        return new FieldError(field, "Invalid value: " + value + ": " + detail);
    }

    @Override
    public String toString() {
        return field + ": " + problem;
    }

    /** One error bare, several in brackets. */
    public static String join(List<FieldError> errors) {
        return errors.size() == 1
                ? errors.getFirst().toString()
                : errors.stream().map(FieldError::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
