package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fairlead.proxy.source.api.ApiClient;
import io.fairlead.proxy.source.api.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one watch to its end. */
final class Watcher {

    /** An object has at most 1.5 MiB in etcd. */
    private static final long MAX_EVENT_BYTES = 16L << 20;

    /** A quiet watch stands if it has lasted this long. */
    private static final Duration STANDS = Duration.ofSeconds(3);

    /**
     * @param object empty for a bookmark
     * @param version to go on from after this event
     */
    record Event(Optional<Decoded> object, boolean deleted, String version) {}

    private final WatchedKind kind;
    private final ApiClient client;
    private final ObjectDecoder decoder;
    private final Duration silence;
    private final Parsers parsers = new Parsers();

    Watcher(WatchedKind kind, ApiClient client, ObjectDecoder decoder, Duration silence) {
        this.kind = kind;
        this.client = client;
        this.decoder = decoder;
        this.silence = silence;
    }

    /**
     * Returns when the server ends the watch, as it does after its time.
     *
     * @param stands runs as soon as the watch can be seen to work, and with every event
     * @throws ApiException for an ERROR event
     * @throws com.fasterxml.jackson.core.JsonProcessingException when the server sends something else than events
     */
    void watch(String version, int seconds, Runnable stands, Consumer<Event> each) throws IOException {
        try (var body = client.get(kind.watchPath(version, seconds), silence)) {
            body.whenQuiet(STANDS, stands);
            body.allow(MAX_EVENT_BYTES);
            try (var parser = parsers.json(body)) {
                while (parser.nextToken() != null) {
                    var event = event(parser);
                    stands.run();
                    each.accept(event);
                    body.allow(MAX_EVENT_BYTES);
                }
            }
        }
    }

    private Event event(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new JsonParseException(parser, "a watch event that is no object");
        }
        var frame = new Object() {
            @Nullable String type;

            @Nullable ObjectDraft object;
        };
        var in = new FieldReader(parser, decoder.interner());
        in.object(new ProblemNotes(), field -> {
            switch (field) {
                case "type" -> frame.type = in.repeated();
                case "object" -> {
                    if (parser.currentToken() == JsonToken.START_OBJECT) {
                        frame.object = decoder.draft(parser, null);
                    }
                }
                default -> {}
            }
        });
        var draft = frame.object;
        if (draft == null) {
            throw new JsonParseException(parser, "a watch event without an object");
        }
        return switch (frame.type) {
            case "ADDED", "MODIFIED" -> event(parser, draft, false);
            case "DELETED" -> event(parser, draft, true);
            case "BOOKMARK" -> new Event(Optional.empty(), false, version(parser, draft));
            case "ERROR" -> throw new ApiException(draft.code(), Optional.empty(), draft.message());
            case null, default -> throw new JsonParseException(parser, "a watch event of no known type");
        };
    }

    private Event event(JsonParser parser, ObjectDraft draft, boolean deleted) throws IOException {
        draft.setKindIfAbsent(kind.objectKind());
        var decoded = decoder.resolve(draft);
        if (decoded.isEmpty()) {
            throw new JsonParseException(parser, "a watch event with an object of another kind");
        }
        return new Event(decoded, deleted, version(parser, draft));
    }

    private static String version(JsonParser parser, ObjectDraft draft) throws IOException {
        if (draft.resourceVersion().isEmpty()) {
            throw new JsonParseException(parser, "a watch event without a resourceVersion");
        }
        return draft.resourceVersion();
    }
}
