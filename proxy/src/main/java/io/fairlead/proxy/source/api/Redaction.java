package io.fairlead.proxy.source.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Takes one request's credential out of texts that somebody else has written. */
final class Redaction {

    private static final String IN_ITS_PLACE = "…";

    /** Anything shorter would be found in ordinary words. */
    private static final int SHORTEST = 4;

    private final List<String> secrets;

    /** @param authorization the header's value, such as {@code Bearer abc}; may be empty */
    Redaction(String authorization) {
        var credential = authorization.substring(authorization.indexOf(' ') + 1);
        var basic = authorization.startsWith("Basic ") ? Stream.of(password(credential)) : Stream.<String>empty();
        secrets = Stream.concat(Stream.of(credential), basic)
                .filter(secret -> secret.length() >= SHORTEST)
                .toList();
    }

    /** RFC 7617: what follows the first colon. */
    private static String password(String pair) {
        var text = new String(Base64.getDecoder().decode(pair), StandardCharsets.UTF_8);
        return text.substring(text.indexOf(':') + 1);
    }

    String in(String text) {
        var result = text;
        for (var secret : secrets) {
            result = result.replace(secret, IN_ITS_PLACE);
        }
        return result;
    }
}
