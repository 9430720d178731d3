package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonToken;
import io.fairlead.proxy.source.api.ApiClient;
import io.fairlead.proxy.source.api.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.Consumer;

/** Lists a kind page by page, object by object; an endless list is noticed. */
final class Lister {

    private static final int PAGE = 500;

    /** Ten million objects: no cluster, but a server that is never done. */
    private static final int MAX_PAGES = 20_000;

    /** 500 objects of etcd's limit each (1.5 MiB) would be more, but never all of them are that large. */
    private static final long MAX_PAGE_BYTES = 256L << 20;

    private final WatchedKind kind;
    private final ApiClient client;
    private final ObjectDecoder decoder;
    private final Duration silence;
    private final Parsers parsers = new Parsers();

    Lister(WatchedKind kind, ApiClient client, ObjectDecoder decoder, Duration silence) {
        this.kind = kind;
        this.client = client;
        this.decoder = decoder;
        this.silence = silence;
    }

    /**
     * @param pageEnd runs after each complete page
     * @return the resource version to watch from
     */
    String list(Consumer<Decoded> each, Runnable pageEnd) throws IOException {
        var token = "";
        var firstObjects = new HashSet<Decoded>();
        for (int page = 0; page < MAX_PAGES; page++) {
            var first = new FirstOf(each);
            var list = page(token, first);
            pageEnd.run();
            if (first.object.isPresent() && !firstObjects.add(first.object.get())) {
                throw new IOException("a list without end: page " + (page + 1) + " begins like an earlier one");
            }
            if (list.continueToken().isEmpty()) {
                return list.resourceVersion();
            }
            if (list.continueToken().equals(token)) {
                throw new IOException("a list without end: page " + page + " leads to itself");
            }
            token = list.continueToken();
        }
        throw new IOException("a list without end: more than " + MAX_PAGES + " pages");
    }

    private ObjectDraft page(String continueToken, Consumer<Decoded> each) throws IOException {
        try (var body = client.get(kind.listPath(PAGE, continueToken), silence)) {
            body.allow(MAX_PAGE_BYTES);
            try (var parser = parsers.json(body)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new IOException("answered with something that is no list");
                }
                var list = new ObjectDraft(null);
                list.read(new FieldReader(parser, decoder.interner()), () -> {
                    if (parser.currentToken() == JsonToken.START_OBJECT) {
                        decoder.resolve(decoder.draft(parser, kind.objectKind()))
                                .ifPresent(each);
                    }
                });
                if ("Status".equals(list.kind())) {
                    throw new ApiException(list.code(), Optional.empty(), list.message());
                }
                if (list.resourceVersion().isEmpty()) {
                    throw new IOException("answered with something that is no list: it has no resourceVersion");
                }
                return list;
            }
        }
    }

    /** Remembers a page's first object: the pages of a real list all begin differently. */
    private static final class FirstOf implements Consumer<Decoded> {
        private final Consumer<Decoded> next;
        private Optional<Decoded> object = Optional.empty();

        FirstOf(Consumer<Decoded> next) {
            this.next = next;
        }

        @Override
        public void accept(Decoded decoded) {
            if (object.isEmpty()) {
                object = Optional.of(decoded);
            }
            next.accept(decoded);
        }
    }
}
