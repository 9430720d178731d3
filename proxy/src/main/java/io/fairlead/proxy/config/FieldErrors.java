package io.fairlead.proxy.config;

import io.fairlead.netfilter.ip.IpPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects errors, in the order of the checks; each check names the field it looks at. */
final class FieldErrors {

    private static final String AT_LEAST_ZERO = "must be greater than or equal to 0";

    private final List<FieldError> errors = new ArrayList<>();

    List<FieldError> all() {
        return List.copyOf(errors);
    }

    void invalid(String field, String value, String detail) {
        errors.add(FieldError.invalid(field, GoText.quote(value), detail));
    }

    void invalid(String field, List<String> value, String detail) {
        errors.add(FieldError.invalid(field, GoText.array(value), detail));
    }

    void add(FieldError error) {
        errors.add(error);
    }

    void withinRange(String field, long value, long min, long max) {
        if (value < min || value > max) {
            errors.add(FieldError.invalid(
                    field, Long.toString(value), "must be within the range [" + min + ", " + max + "]"));
        }
    }

    void atLeastZero(String field, int value) {
        if (value < 0) {
            errors.add(FieldError.invalid(field, Integer.toString(value), AT_LEAST_ZERO));
        }
    }

    void atLeastZero(String field, Duration value) {
        if (value.isNegative()) {
            invalid(field, GoDuration.format(value), AT_LEAST_ZERO);
        }
    }

    void aboveZero(String field, Duration value) {
        if (!value.isPositive()) {
            invalid(field, GoDuration.format(value), "must be greater than 0");
        }
    }

    void notEmpty(String field, String value) {
        if (value.isEmpty()) {
            invalid(field, value, "must not be empty");
        }
    }

    void cidrs(String field, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (IpPrefix.tryParse(values.get(i)).isEmpty()) {
                invalid(field + "[" + i + "]", values.get(i), "must be a valid CIDR");
            }
        }
    }
}
