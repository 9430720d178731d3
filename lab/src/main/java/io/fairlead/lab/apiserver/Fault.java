package io.fairlead.lab.apiserver;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What can go wrong with a request. */
public sealed interface Fault {

    /** Answered with this instead of what was asked for. */
    record Answer(int status, Map<String, String> headers, String body) implements Fault {

        public Answer {
            headers = Map.copyOf(headers);
        }

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Answered properly, but late. */
    record Slow(Duration delay) implements Fault {}

    /** A list that never ends: the same page again and again, each time with a new continue token. */
    record EndlessList() implements Fault {}

    /** The connection is cut without an answer. */
    record Disconnect() implements Fault {}

    /** A proxy's or a portal's page, with status 200. */
    static Fault html() {
        return new Answer(
                200, Map.of("Content-Type", "text/html"), "<!DOCTYPE html><html><body>Please log in</body></html>");
    }

    /** Bytes that are no JSON, declared as JSON, with status 200. */
    static Fault garbage() {
        return new Answer(200, Map.of("Content-Type", "application/json"), "\u0000\u0001{]garbage");
    }

    static Fault tooManyRequests(int retryAfterSeconds) {
        return status(ApiException.tooManyRequests(retryAfterSeconds));
    }

    static Fault serverError() {
        return status(ApiException.internal("injected fault"));
    }

    /** The history asked for is gone, as the HTTP status. */
    static Fault gone() {
        return status(ApiException.expired(1, 2));
    }

    private static Fault status(ApiException error) {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", "application/json");
        error.retryAfterSeconds().ifPresent(seconds -> headers.put("Retry-After", Integer.toString(seconds)));
        return new Answer(error.code(), headers, error.toStatus().toString());
    }
}
