package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fairlead.netfilter.ip.IpPrefix;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed fields from a token stream, JSON or YAML. A value of the wrong type is noted as a problem and passed over;
 * only broken syntax throws.
 */
final class FieldReader {

    /** Reads the value the parser stands at. */
    interface ValueHandler {
        void read() throws IOException;
    }

    /** Reads the value of the named field, or leaves it, which skips it. */
    interface FieldHandler {
        void read(String name) throws IOException;
    }

    private final JsonParser parser;
    private final Interner interner;
    private ProblemNotes notes = new ProblemNotes();
    private @Nullable JsonStreamContext base;

    FieldReader(JsonParser parser, Interner interner) {
        this.parser = parser;
        this.interner = interner;
    }

    Interner interner() {
        return interner;
    }

    int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Reads an object whose problems go to {@code into}, with paths relative to it. */
    void object(ProblemNotes into, FieldHandler handler) throws IOException {
        var outerNotes = notes;
        var outerBase = base;
        notes = into;
        base = parser.currentToken() == JsonToken.START_OBJECT
                ? parser.getParsingContext().getParent()
                : null;
        fields(handler);
        notes = outerNotes;
        base = outerBase;
    }

    void fields(FieldHandler handler) throws IOException {
        if (!standsAt(JsonToken.START_OBJECT, "an object")) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("<<")) {
                note("YAML merge key", "not supported; write the fields out");
            }
            var start = parser.currentToken();
            handler.read(name);
            if (parser.currentToken() == start && start.isStructStart()) {
                parser.skipChildren();
            }
        }
    }

    void array(ValueHandler each) throws IOException {
        if (!standsAt(JsonToken.START_ARRAY, "a list")) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                return;
            }
            var start = parser.currentToken();
            each.read();
            if (parser.currentToken() == start && start.isStructStart()) {
                parser.skipChildren();
            }
        }
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Null when the field is null, or not a string (then noted). */
    @Nullable String text() throws IOException {
        return standsAt(JsonToken.VALUE_STRING, "a string; quote it") ? parser.getText() : null;
    }

    /** As {@link #text}, for strings that repeat. */
    @Nullable String repeated() throws IOException {
        var text = text();
        return text == null ? null : interner.one(text);
    }

    /** Empty when the field is null or empty, or not a CIDR (then noted). */
    Optional<IpPrefix> prefix() throws IOException {
        var text = text();
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        var prefix = IpPrefix.tryParse(text);
        if (prefix.isEmpty()) {
            note(text, "is not a CIDR like 10.244.0.0/24; it is left out");
        }
        return prefix;
    }

    /** {@code otherwise} when the field is null or not a number of 32 bits (then noted). */
    int number(int otherwise) throws IOException {
        if (!standsAt(JsonToken.VALUE_NUMBER_INT, "a whole number")) {
            return otherwise;
        }
        if (parser.getNumberType() != JsonParser.NumberType.INT) {
            note(parser.getText(), "too large");
            return otherwise;
        }
        return parser.getIntValue();
    }

    boolean bool(boolean otherwise) throws IOException {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        standsAt(JsonToken.VALUE_FALSE, "true or false");
        return otherwise;
    }

    private boolean standsAt(JsonToken wanted, String description) throws IOException {
        var token = parser.currentToken();
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            note("*" + parser.getText(), "is a YAML alias, which is not supported; write the value out");
            return false;
        }
        if (token == wanted) {
            return true;
        }
        if (token != JsonToken.VALUE_NULL) {
            note(token != null && token.isScalarValue() ? parser.getText() : "this", "must be " + description);
        }
        return false;
    }

    /** Notes a problem with the value the parser stands at. */
    void note(String value, String remedy) {
        notes.add(line(), path(), value, remedy);
    }

    /** Notes a problem with a field of the object the parser has just left. */
    void note(String field, String value, String remedy) {
        var path = path();
        notes.add(line(), path.isEmpty() ? field : path + "." + field, value, remedy);
    }

    /** Such as {@code spec.ports[3].port}; made only when there is something to say about it. */
    private String path() {
        var path = new StringBuilder();
        for (JsonStreamContext c = parser.getParsingContext(); c != null && c != base; c = c.getParent()) {
            if (c.hasCurrentName()) {
                path.insert(0, "." + c.getCurrentName());
            } else if (c.hasCurrentIndex() && c.inArray()) {
                path.insert(0, "[" + c.getCurrentIndex() + "]");
            }
        }
        return path.isEmpty() ? "" : path.substring(path.charAt(0) == '.' ? 1 : 0);
    }
}
