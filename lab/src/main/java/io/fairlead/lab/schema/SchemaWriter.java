package io.fairlead.lab.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Writes definitions as JSON schemas.
 *
 * @param prefix what a reference to a definition begins with
 * @param version3 whether things that only OpenAPI version 3 can say are said
 */
record SchemaWriter(String prefix, boolean version3) {

    ObjectNode definition(Definition definition) {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        definition.fields().values().forEach(field -> properties.set(field.name(), field(field)));
        var required = definition.fields().values().stream()
                .filter(Field::required)
                .map(Field::name)
                .toList();
        if (!required.isEmpty()) {
            required.forEach(schema.putArray("required")::add);
        }
        return schema;
    }

    private ObjectNode field(Field field) {
        var schema = type(field.type());
        var strategy = strategy(field);
        if (!field.merge().isEmpty()) {
            if (!field.merge().startsWith("$")) {
                schema.put("x-kubernetes-patch-merge-key", field.merge());
            }
        }
        if (!strategy.isEmpty()) {
            schema.put("x-kubernetes-patch-strategy", strategy);
        }
        if (!field.listKeys().isEmpty()) {
            field.listKeys().forEach(schema.putArray("x-kubernetes-list-map-keys")::add);
            schema.put("x-kubernetes-list-type", "map");
        } else if (field.merge().equals("$set")) {
            schema.put("x-kubernetes-list-type", "set");
        }
        return schema;
    }

    private static String strategy(Field field) {
        if (field.retainKeys()) {
            return field.merge().isEmpty() ? "retainKeys" : "merge,retainKeys";
        }
        return field.merge().isEmpty() ? "" : "merge";
    }

    private ObjectNode type(FieldType type) {
        var schema = JsonNodeFactory.instance.objectNode();
        switch (type) {
            case FieldType.Scalar scalar -> scalar(schema, scalar);
            case FieldType.ListOf(var element) -> schema.put("type", "array").set("items", type(element));
            case FieldType.MapOf(var value) -> schema.put("type", "object").set("additionalProperties", type(value));
            case FieldType.Reference(var name) -> reference(schema, name);
        }
        return schema;
    }

    /** In version 3 a reference with something beside it has to be wrapped. */
    private void reference(ObjectNode schema, String name) {
        if (version3) {
            schema.putArray("allOf").addObject().put("$ref", prefix + name);
        } else {
            schema.put("$ref", prefix + name);
        }
    }

    private void scalar(ObjectNode schema, FieldType.Scalar type) {
        switch (type) {
            case STRING -> schema.put("type", "string");
            case BOOLEAN -> schema.put("type", "boolean");
            case INTEGER -> schema.put("type", "integer").put("format", "int32");
            case INT64 -> schema.put("type", "integer").put("format", "int64");
            case NUMBER -> schema.put("type", "number").put("format", "double");
            case BYTE -> schema.put("type", "string").put("format", "byte");
            case DATE_TIME, MICRO_TIME -> schema.put("type", "string").put("format", "date-time");
            case INT_OR_STRING -> either(schema, "int-or-string", "integer");
            case QUANTITY -> either(schema, "quantity", "number");
            case ANY -> {
                if (version3) {
                    schema.put("type", "object");
                }
            }
        }
    }

    private void either(ObjectNode schema, String format, String other) {
        if (version3) {
            var choices = schema.putArray("oneOf");
            choices.addObject().put("type", other);
            choices.addObject().put("type", "string");
            schema.put("format", format);
        } else {
            // Version 2 has no alternatives: its readers take the string for a format they know.
            schema.put("type", "string").put("format", "int-or-string");
        }
    }
}
