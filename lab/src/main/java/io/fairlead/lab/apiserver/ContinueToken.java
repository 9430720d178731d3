package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.util.Base64;

/**
 * Where the next page of a list begins; opaque to clients.
 *
 * @param resourceVersion the version of the first page, and so of all
 * @param after the last object delivered
 */
record ContinueToken(long resourceVersion, NamespacedName after) {

    String encode() {
        var json = Json.object()
                .put("rv", resourceVersion)
                .put("namespace", after.namespace())
                .put("name", after.name());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
    }

    /** @throws ApiException 400 if it is not a token of ours */
    static ContinueToken decode(String text) {
        try {
            var json = Json.parse(Base64.getUrlDecoder().decode(text));
            if (json.path("rv").isIntegralNumber() && json.path("name").isTextual()) {
                return new ContinueToken(
                        json.path("rv").asLong(),
                        new NamespacedName(
                                json.path("namespace").asText(),
                                json.path("name").asText()));
            }
        } catch (IOException | IllegalArgumentException e) {
            // Reported below, like a token of the wrong shape.
        }
        throw ApiException.badRequest("continue: not a token that this server has given out; list again without it");
    }
}
