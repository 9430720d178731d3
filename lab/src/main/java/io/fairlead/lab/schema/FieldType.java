package io.fairlead.lab.schema;

/** What a field holds. */
sealed interface FieldType {

    /** One value. */
    enum Scalar implements FieldType {
        STRING,
        BOOLEAN,
        INTEGER,
        INT64,
        NUMBER,
        /** Base64. */
        BYTE,
        DATE_TIME,
        MICRO_TIME,
        INT_OR_STRING,
        /** A number with an optional suffix, such as {@code 100m}: a string, or a JSON number. */
        QUANTITY,
        /** Not looked into. */
        ANY
    }

    record ListOf(FieldType element) implements FieldType {}

    /** Keys are free. */
    record MapOf(FieldType value) implements FieldType {}

    /** An object of another definition. */
    record Reference(String definition) implements FieldType {}

    /** Reads {@code string}, {@code [T]}, {@code {T}} or the name of a definition. */
    static FieldType parse(String text) {
        var inner = text.substring(Math.min(1, text.length()), Math.max(1, text.length() - 1));
        return switch (text.charAt(0)) {
            case '[' -> new ListOf(parse(inner));
            case '{' -> new MapOf(parse(inner));
            default -> scalarOrReference(text);
        };
    }

    private static FieldType scalarOrReference(String text) {
        return switch (text) {
            case "string" -> Scalar.STRING;
            case "boolean" -> Scalar.BOOLEAN;
            case "integer" -> Scalar.INTEGER;
            case "int64" -> Scalar.INT64;
            case "number" -> Scalar.NUMBER;
            case "byte" -> Scalar.BYTE;
            case "date-time" -> Scalar.DATE_TIME;
            case "micro-time" -> Scalar.MICRO_TIME;
            case "int-or-string" -> Scalar.INT_OR_STRING;
            case "quantity" -> Scalar.QUANTITY;
            case "any" -> Scalar.ANY;
            default -> new Reference(text);
        };
    }
}
