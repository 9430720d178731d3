package io.fairlead.lab.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes one object as an API server does: unknown fields and nulls are dropped, the unknown ones reported; a value of the
 * wrong type ends it.
 */
public final class Decoding {

    /** A value cannot be what its field holds; the message is that of an API server. */
    public static final class TypeMismatchException extends Exception {

        private static final long serialVersionUID = 1;

        TypeMismatchException(String given, Definition in, String path, String wanted) {
            super("json: cannot unmarshal %s into Go struct field %s.%s of type %s"
                    .formatted(given, in.shortName(), path, wanted));
        }
    }

    private final Schema schema;
    private final List<String> unknown = new ArrayList<>();

    private Decoding(Schema schema) {
        this.schema = schema;
    }

    /**
     * Decodes an object in place; objects of kinds without a definition are left alone.
     *
     * @return the paths of unknown fields, such as {@code spec.ports[0].prot}
     */
    public static List<String> decode(Schema schema, String apiVersion, String kind, ObjectNode object)
            throws TypeMismatchException {
        var decoding = new Decoding(schema);
        var definition = schema.definition(apiVersion, kind);
        if (definition.isPresent()) {
            decoding.object(definition.get(), object, "", "");
        }
        return decoding.unknown;
    }

    /**
     * @param path where the object is, with indices
     * @param fields the same without indices, as Go names it
     */
    private void object(Definition definition, ObjectNode object, String path, String fields)
            throws TypeMismatchException {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            var field = definition.fields().get(name);
            if (field == null) {
                unknown.add(join(path, name));
                object.remove(name);
            } else if (object.get(name).isNull()) {
                object.remove(name);
            } else {
                value(definition, field.type(), object.get(name), join(path, name), join(fields, name));
            }
        }
    }

    private void value(Definition in, FieldType type, JsonNode value, String path, String fields)
            throws TypeMismatchException {
        switch (type) {
            case FieldType.Scalar scalar -> scalar(in, scalar, value, fields);
            case FieldType.ListOf(var element) -> {
                if (!(value instanceof ArrayNode array)) {
                    throw new TypeMismatchException(given(value), in, fields, go(type));
                }
                for (int i = 0; i < array.size(); i++) {
                    value(in, element, array.get(i), path + "[" + i + "]", fields);
                }
            }
            case FieldType.MapOf(var element) -> {
                if (!(value instanceof ObjectNode map)) {
                    throw new TypeMismatchException(given(value), in, fields, go(type));
                }
                for (var entry : map.properties()) {
                    value(in, element, entry.getValue(), path + "." + entry.getKey(), fields);
                }
            }
            case FieldType.Reference(var name) -> {
                if (!(value instanceof ObjectNode object)) {
                    throw new TypeMismatchException(given(value), in, fields, go(type));
                }
                object(schema.definition(name), object, path, fields);
            }
        }
    }

    private static void scalar(Definition in, FieldType.Scalar type, JsonNode value, String fields)
            throws TypeMismatchException {
        boolean fits =
                switch (type) {
                    case STRING, BYTE, DATE_TIME, MICRO_TIME -> value.isTextual();
                    case BOOLEAN -> value.isBoolean();
                    case INTEGER -> value.isIntegralNumber() && value.canConvertToInt();
                    case INT64 -> value.isIntegralNumber() && value.canConvertToLong();
                    case NUMBER -> value.isNumber();
                    case INT_OR_STRING -> value.isTextual() || value.isIntegralNumber() && value.canConvertToInt();
                    case QUANTITY -> value.isTextual() || value.isNumber();
                    case ANY -> true;
                };
        if (!fits) {
            boolean number = value.isNumber() && type != FieldType.Scalar.STRING && type != FieldType.Scalar.BOOLEAN;
            throw new TypeMismatchException(number ? "number " + value.asText() : given(value), in, fields, go(type));
        }
    }

    private static String given(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case ARRAY -> "array";
            case NULL -> "null";
            default -> "object";
        };
    }

    private static String go(FieldType type) {
        return switch (type) {
            case FieldType.Scalar scalar ->
                switch (scalar) {
                    case STRING -> "string";
                    case BOOLEAN -> "bool";
                    case INTEGER, INT_OR_STRING -> "int32";
                    case INT64 -> "int64";
                    case NUMBER -> "float64";
                    case BYTE -> "[]uint8";
                    case DATE_TIME -> "v1.Time";
                    case MICRO_TIME -> "v1.MicroTime";
                    case QUANTITY -> "resource.Quantity";
                    case ANY -> "interface {}";
                };
            case FieldType.ListOf(var element) -> "[]" + go(element);
            case FieldType.MapOf(var value) -> "map[string]" + go(value);
            case FieldType.Reference(var name) -> "v1." + name.substring(name.lastIndexOf('.') + 1);
        };
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
