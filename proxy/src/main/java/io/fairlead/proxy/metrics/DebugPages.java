package io.fairlead.proxy.metrics;

import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Request;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Pages that exist only with profiling on: the log's verbosity, and what the threads are doing in place of Go's profiles. */
final class DebugPages {

    private final Consumer<Long> verbosity;

    DebugPages(Consumer<Long> verbosity) {
        this.verbosity = verbosity;
    }

    Answer answer(Request request) {
        return switch (request.path()) {
            case "/debug/flags", "/debug/flags/" ->
                Answer.of(
                        200,
                        "text/html; charset=utf-8",
                        "<html><body><a href=\"/debug/flags/v\">v</a></body></html>\n");
            case "/debug/flags/v" -> setVerbosity(request);
            case "/debug/threads" -> Answer.text(200, threads());
            default -> Answer.NOT_FOUND;
        };
    }

    private Answer setVerbosity(Request request) {
        if (!request.method().equals("PUT")) {
            return Answer.text(406, "unsupported http method\n");
        }
        var text = request.body().strip();
        if (!text.matches("\\d{1,9}")) {
            return Answer.text(400, "the body must be one whole number, 0 to 999999999, and nothing else\n");
        }
        verbosity.accept(Long.parseLong(text));
        return Answer.text(200, "successfully set klog.logging.verbosity to " + text + "\n");
    }

    private static String threads() {
        var byName = new TreeMap<String, StackTraceElement[]>();
        Thread.getAllStackTraces()
                .forEach((thread, stack) -> byName.put(thread.getName() + " #" + thread.threadId(), stack));
        var text = new StringBuilder();
        byName.forEach((name, stack) -> {
            text.append(name).append('\n');
            for (var frame : stack) {
                text.append("    at ").append(frame).append('\n');
            }
        });
        return text.toString();
    }
}
