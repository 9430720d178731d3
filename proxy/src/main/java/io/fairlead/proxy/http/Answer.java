package io.fairlead.proxy.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a server says to one request.
 *
 * @param headers without Content-Length and Date, which the server adds
 */
public record Answer(int status, Map<String, String> headers, String body) {

    public static final String JSON = "application/json";
    public static final String TEXT = "text/plain; charset=utf-8";

    /** A page that does not exist, in the words of Go's library. */
    public static final Answer NOT_FOUND = text(404, "404 page not found\n");

    public static Answer text(int status, String body) {
        return of(status, TEXT, body);
    }

    public static Answer of(int status, String contentType, String body) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", contentType);
        headers.put("X-Content-Type-Options", "nosniff");
        return new Answer(status, headers, body);
    }

    /** The same with one more header, or with another value of one it has. */
    public Answer with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }
}
