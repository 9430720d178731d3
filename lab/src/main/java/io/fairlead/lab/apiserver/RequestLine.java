package io.fairlead.lab.apiserver;

import java.util.function.Predicate;

/**
 * What a client asked.
 *
 * @param path as sent, still percent-encoded
 * @param query as sent; empty without one
 */
public record RequestLine(String method, String path, String query) {

    public boolean isWatch() {
        return ("&" + query).matches(".*&watch=(true|1)(&.*)?");
    }

    /** Requests whose path begins so. */
    public static Predicate<RequestLine> under(String pathPrefix) {
        return line -> line.path().startsWith(pathPrefix);
    }

    /** Lists of (and gets under) a path. */
    public static Predicate<RequestLine> listOf(String pathPrefix) {
        return under(pathPrefix).and(line -> line.method().equals("GET") && !line.isWatch());
    }

    public static Predicate<RequestLine> watchOf(String pathPrefix) {
        return under(pathPrefix).and(RequestLine::isWatch);
    }

    /** For instance {@code GET /api/v1/services?limit=500}. */
    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }
}
