package io.fairlead.lab.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * Decodes objects in the protocol buffer form in which typed clients send them ({@code
 * application/vnd.kubernetes.protobuf}). Go writes what is empty, too; here it is left out where its absence means the same.
 *
 * <p>Specified by https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding.
 */
public final class ProtobufObject {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int DEEPEST = 64;
    // Numbers that Go does not hold by pointer: 0 is the same as nothing.
    private static final Set<String> ZERO_IS_ABSENT = Set.of(
            "nodePort",
            "hostPort",
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold",
            "healthCheckNodePort",
            "minReadySeconds",
            "generation",
            "observedGeneration",
            "count");
    // Flags of the same kind.
    private static final Set<String> FALSE_IS_ABSENT = Set.of(
            "paused",
            "publishNotReadyAddresses",
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "stdin",
            "stdinOnce",
            "tty",
            "readOnly",
            "unschedulable");

    private final Schema schema;

    private ProtobufObject(Schema schema) {
        this.schema = schema;
    }

    /** @throws IOException if the bytes are no such object, or one of a kind without a definition */
    public static ObjectNode decode(Schema schema, byte[] bytes) throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (i >= bytes.length || bytes[i] != MAGIC[i]) {
                throw new IOException("protobuf: the object does not begin with \"k8s\\0\"");
            }
        }
        var envelope = new WireReader(ByteBuffer.wrap(bytes, MAGIC.length, bytes.length - MAGIC.length));
        var apiVersion = "";
        var kind = "";
        var raw = ByteBuffer.allocate(0);
        for (int field = envelope.next(); field != 0; field = envelope.next()) {
            if (field == 1) {
                var typeMeta = new WireReader(envelope.content());
                for (int f = typeMeta.next(); f != 0; f = typeMeta.next()) {
                    apiVersion = f == 1 ? text(typeMeta.content()) : apiVersion;
                    kind = f == 2 ? text(typeMeta.content()) : kind;
                }
            } else if (field == 2) {
                raw = envelope.content();
            }
        }
        var name = kind;
        var version = apiVersion;
        var definition = schema.definition(kind.equals("DeleteOptions") ? "v1" : apiVersion, kind)
                .orElseThrow(() -> new IOException("protobuf: no definition of " + name + " in " + version));
        var object = new ProtobufObject(schema).message(definition, raw, 0);
        return object.put("apiVersion", apiVersion).put("kind", kind);
    }

    private ObjectNode message(Definition definition, ByteBuffer bytes, int depth) throws IOException {
        var object = JsonNodeFactory.instance.objectNode();
        fields(definition.wire(), bytes, object, depth);
        return object;
    }

    /** @param fields by number: a field, or the fields of a message that JSON does not show */
    private void fields(Map<Integer, Definition.Wire> fields, ByteBuffer bytes, ObjectNode object, int depth)
            throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("protobuf: messages are nested more than " + DEEPEST + " deep");
        }
        var reader = new WireReader(bytes);
        for (int number = reader.next(); number != 0; number = reader.next()) {
            switch (fields.get(number)) {
                case null -> {}
                case Definition.Wire.Inline(var inner) -> fields(inner, reader.content(), object, depth + 1);
                case Definition.Wire.Of(var field) -> field(field, reader, object, depth);
            }
        }
    }

    private void field(Field field, WireReader reader, ObjectNode object, int depth) throws IOException {
        switch (field.type()) {
            case FieldType.ListOf(var element) ->
                element(element, reader, object.withArrayProperty(field.name()), depth);
            case FieldType.MapOf(var value) -> entry(value, reader, object.withObjectProperty(field.name()), depth);
            default -> {
                var value = value(field.type(), reader, depth);
                if (!isAbsent(field, value)) {
                    object.set(field.name(), value);
                }
            }
        }
    }

    private static boolean isAbsent(Field field, JsonNode value) {
        return value.isNull()
                || value.isTextual() && value.asText().isEmpty()
                || value.isNumber() && value.asLong() == 0 && ZERO_IS_ABSENT.contains(field.name())
                || value.isBoolean() && !value.asBoolean() && FALSE_IS_ABSENT.contains(field.name());
    }

    private void element(FieldType type, WireReader reader, ArrayNode list, int depth) throws IOException {
        boolean numbers = type == FieldType.Scalar.INTEGER || type == FieldType.Scalar.INT64;
        if (numbers && reader.hasContent()) {
            var row = new WireReader(reader.content());
            while (row.hasRemaining()) {
                list.add(row.varint());
            }
        } else {
            list.add(value(type, reader, depth));
        }
    }

    private void entry(FieldType type, WireReader reader, ObjectNode map, int depth) throws IOException {
        var pair = new WireReader(reader.content());
        var key = "";
        JsonNode value = type instanceof FieldType.Reference
                ? JsonNodeFactory.instance.objectNode()
                : JsonNodeFactory.instance.textNode("");
        for (int field = pair.next(); field != 0; field = pair.next()) {
            if (field == 1) {
                key = text(pair.content());
            } else if (field == 2) {
                value = value(type, pair, depth);
            }
        }
        map.set(key, value);
    }

    private JsonNode value(FieldType type, WireReader reader, int depth) throws IOException {
        var nodes = JsonNodeFactory.instance;
        return switch (type) {
            case FieldType.Reference(var name) -> message(schema.definition(name), reader.content(), depth + 1);
            case FieldType.Scalar scalar ->
                switch (scalar) {
                    case STRING -> nodes.textNode(text(reader.content()));
                    case BOOLEAN -> nodes.booleanNode(reader.number() != 0);
                    case INTEGER -> nodes.numberNode((int) reader.number());
                    case INT64 -> nodes.numberNode(reader.number());
                    case NUMBER -> nodes.numberNode(reader.floating());
                    case BYTE -> nodes.textNode(base64(reader.content()));
                    case DATE_TIME, MICRO_TIME -> time(reader.content());
                    case INT_OR_STRING -> intOrString(reader.content());
                    case QUANTITY -> quantity(reader.content());
                    case ANY -> nodes.nullNode();
                };
            case FieldType.ListOf _, FieldType.MapOf _ ->
                throw new IOException("protobuf: lists of lists and maps of maps are not known");
        };
    }

    private static JsonNode time(ByteBuffer bytes) throws IOException {
        var reader = new WireReader(bytes);
        long seconds = 0;
        long nanos = 0;
        boolean said = false;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            seconds = field == 1 ? reader.number() : seconds;
            nanos = field == 2 ? reader.number() : nanos;
            said |= reader.number() != 0;
        }
        try {
            return said
                    ? JsonNodeFactory.instance.textNode(
                            Instant.ofEpochSecond(seconds, nanos).toString())
                    : JsonNodeFactory.instance.nullNode();
        } catch (DateTimeException e) {
            throw new IOException("protobuf: " + seconds + " seconds is not a time", e);
        }
    }

    private static JsonNode intOrString(ByteBuffer bytes) throws IOException {
        var reader = new WireReader(bytes);
        boolean isText = false;
        int number = 0;
        var text = "";
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> isText = reader.number() == 1;
                case 2 -> number = (int) reader.number();
                case 3 -> text = text(reader.content());
                default -> {}
            }
        }
        return isText ? JsonNodeFactory.instance.textNode(text) : JsonNodeFactory.instance.numberNode(number);
    }

    private static JsonNode quantity(ByteBuffer bytes) throws IOException {
        var reader = new WireReader(bytes);
        var text = "";
        for (int field = reader.next(); field != 0; field = reader.next()) {
            text = field == 1 ? text(reader.content()) : text;
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static String base64(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
