package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Services, EndpointSlices and Nodes from tokens straight into the cluster model, without a tree and without the
 * fields nobody needs.
 *
 * <p>What an API server would have refused (manifest files bypass it) is refused here: names and port names that are not
 * DNS labels, ports out of range, addresses that are none. A bad entry of a list costs that entry, a bad name or
 * cluster IP the object; each is reported in one line that says where, what and why. Nothing that leaves the decoder
 * holds a character that could mean something in a rule, except in node and zone names, which are only ever compared.
 *
 * <p>For one thread.
 */
public final class ObjectDecoder {

    private final Origin origin;
    private final Consumer<String> problems;
    private final Interner interner;

    /** Problems go to {@code problems}, one line each. */
    public ObjectDecoder(Origin origin, Consumer<String> problems) {
        this(origin, problems, new Interner());
    }

    ObjectDecoder(Origin origin, Consumer<String> problems, Interner interner) {
        this.origin = origin;
        this.problems = problems;
        this.interner = interner;
    }

    /**
     * Reads the object the parser stands at or before; empty when it is of a kind that no proxy watches.
     *
     * @throws IOException when the syntax is broken
     */
    public Optional<Decoded> decode(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.nextToken();
        }
        return resolve(draft(parser, null));
    }

    /**
     * Reads one object from JSON or YAML text.
     *
     * @throws IOException when the syntax is broken
     */
    public Optional<Decoded> decode(String text) throws IOException {
        var parsers = new Parsers();
        boolean json = text.stripLeading().startsWith("{");
        try (var parser = json ? parsers.json(new StringReader(text)) : parsers.yaml(new StringReader(text))) {
            return decode(parser);
        }
    }

    /** Reads the object the parser stands at, which is of this kind if it does not say. */
    ObjectDraft draft(JsonParser parser, @Nullable String kind) throws IOException {
        var draft = new ObjectDraft(kind);
        draft.read(new FieldReader(parser, interner), () -> {});
        return draft;
    }

    Optional<Decoded> resolve(ObjectDraft draft) {
        return draft.resolve(origin, problems);
    }

    Interner interner() {
        return interner;
    }
}
