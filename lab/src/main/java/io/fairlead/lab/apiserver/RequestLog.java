package io.fairlead.lab.apiserver;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/** The requests a server has answered, in the order of their response headers; the oldest go first when it is full. */
public final class RequestLog {

    private static final int CAPACITY = 100_000;

    /** @param status the HTTP status sent; 0 if the connection was cut instead */
    public record Entry(RequestLine line, int status) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    RequestLog() {}

    synchronized void add(RequestLine line, int status) {
        if (entries.size() == CAPACITY) {
            entries.removeFirst();
        }
        entries.add(new Entry(line, status));
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    public List<Entry> entries(Predicate<RequestLine> which) {
        return entries().stream().filter(entry -> which.test(entry.line())).toList();
    }

    public synchronized void clear() {
        entries.clear();
    }
}
