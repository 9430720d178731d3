package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Optional;

/** Which version and which page a list asks for: limit, continue, resourceVersion, resourceVersionMatch. */
record ListRequest(long limit, Optional<ContinueToken> token, Optional<Long> version, Optional<String> match) {

    static ListRequest of(QueryParameters query) {
        var version = query.number("resourceVersion");
        var request = new ListRequest(
                query.number("limit").orElse(0),
                query.get("continue").map(ContinueToken::decode),
                version.isPresent() ? Optional.of(version.getAsLong()) : Optional.empty(),
                query.get("resourceVersionMatch"));
        request.validate();
        return request;
    }

    private void validate() {
        if (token.isPresent() && version.filter(v -> v > 0).isPresent()) {
            throw ApiException.badRequest("resourceVersion: not allowed together with continue");
        }
        if (match.isPresent() && version.isEmpty()) {
            throw ApiException.badRequest("resourceVersionMatch: needs a resourceVersion");
        }
        if (match.isPresent() && !match.get().equals("Exact") && !match.get().equals("NotOlderThan")) {
            throw ApiException.badRequest("resourceVersionMatch: \"" + match.get() + "\" is not Exact or NotOlderThan");
        }
        if (match.isPresent() && match.get().equals("Exact") && version.get() == 0) {
            throw ApiException.badRequest("resourceVersionMatch: Exact needs a resourceVersion other than 0");
        }
    }

    /**
     * Answers the request.
     *
     * @throws ApiException 410 if the version asked for is forgotten, 504 if it is in the future
     */
    ObjectList answer(ObjectStore store, Selection selection) {
        Optional<NamespacedName> after = token.map(ContinueToken::after);
        return ObjectList.of(image(store), selection, after, servedFromCache() ? 0 : limit);
    }

    /** A real server answers version 0 from its watch cache, which knows no pages. */
    private boolean servedFromCache() {
        return token.isEmpty() && version.isPresent() && version.get() == 0;
    }

    private StoreImage image(ObjectStore store) {
        if (token.isPresent()) {
            return store.imageAt(token.get().resourceVersion());
        }
        if (version.isEmpty() || version.get() == 0) {
            return store.image();
        }
        // Without a match, a version together with a limit means exactly that version.
        boolean exact = match.map(m -> m.equals("Exact")).orElse(limit > 0);
        var current = store.image();
        if (!exact && version.get() <= current.resourceVersion()) {
            return current;
        }
        return store.imageAt(version.get());
    }
}
