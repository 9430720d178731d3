package io.fairlead.lab.controlplane.rules;

import java.util.Optional;
import java.util.regex.Pattern;

/** The forms of names, each with the sentence that says what is wrong with one. RFC 1035, RFC 1123, RFC 6335. */
enum Names {
    DNS_1035_LABEL(
            "[a-z]([-a-z0-9]*[a-z0-9])?",
            63,
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                    + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'"),
    DNS_1123_LABEL(
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
            63,
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                    + " end with an alphanumeric character (e.g. 'my-name',  or '123-abc'"),
    DNS_1123_SUBDOMAIN(
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            253,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'example.com'"),
    LABEL_VALUE(
            "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
            63,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345'"),
    QUALIFIED(
            "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
            63,
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc'");

    private final Pattern pattern;
    private final int length;
    private final String rule;

    Names(String pattern, int length, String rule) {
        this.pattern = Pattern.compile(pattern);
        this.length = length;
        this.rule = rule + ", regex used for validation is '" + pattern + "')";
    }

    /** What is wrong with a name; empty if nothing. */
    Optional<String> problem(String name) {
        if (name.length() > length) {
            return Optional.of("must be no more than " + length + " bytes");
        }
        return pattern.matcher(name).matches() ? Optional.empty() : Optional.of(rule);
    }

    /** The same for a name that may have a DNS prefix: {@code example.com/name}. */
    static Optional<String> problemOfQualified(String name) {
        int slash = name.indexOf('/');
        if (slash == 0) {
            return Optional.of("prefix part must be non-empty");
        }
        if (slash > 0) {
            var prefix = DNS_1123_SUBDOMAIN.problem(name.substring(0, slash)).map(problem -> "prefix part " + problem);
            if (prefix.isPresent()) {
                return prefix;
            }
        }
        var last = name.substring(slash + 1);
        return last.isEmpty() ? Optional.of("name part must be non-empty") : QUALIFIED.problem(last);
    }

    /** What is wrong with the name of a container's port; RFC 6335 section 5.1. */
    static Optional<String> problemOfPortName(String name) {
        if (name.length() > 15) {
            return Optional.of("must be no more than 15 bytes");
        }
        if (!name.matches("[-a-z0-9]+")) {
            return Optional.of("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!name.matches(".*[a-z].*")) {
            return Optional.of("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            return Optional.of("must not contain consecutive hyphens");
        }
        return name.startsWith("-") || name.endsWith("-")
                ? Optional.of("must not begin or end with a hyphen")
                : Optional.empty();
    }
}
