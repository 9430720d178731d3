package io.fairlead.proxy.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One request. Everything in it comes from a stranger.
 *
 * @param path as sent, without the query, not decoded: pages are found by exact match
 * @param query as sent, empty without one
 * @param headers names in lower case, values of repeated ones joined by commas
 * @param body its first 4 KiB
 */
public record Request(String method, String path, String query, Map<String, String> headers, String body) {

    /** A GET without anything else. */
    public static Request get(String target) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new Request("GET", target, "", Map.of(), "")
                : new Request("GET", target.substring(0, mark), target.substring(mark + 1), Map.of(), "");
    }

    /** The header's value; empty without it. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** All values of a query parameter, in order; one that stands alone has the value "". */
    public List<String> parameter(String name) {
        var values = new ArrayList<String>();
        for (var pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            var key = equals < 0 ? pair : pair.substring(0, equals);
            if (decoded(key).equals(name)) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }
}
