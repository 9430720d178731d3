package io.fairlead.proxy.metrics;

import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code /flagz} and {@code /statusz}: for people by default, for programs that ask for a version of it. */
final class ZPages {

    private static final String PATHS = "/configz /flagz /healthz /metrics /proxyMode /statusz";
    private static final Set<String> FOR_PEOPLE = Set.of("", "*/*", "text/*", "text/plain");

    private final About about;
    private final Instant started;

    ZPages(About about, Instant started) {
        this.about = about;
        this.started = started;
    }

    Answer flagz(Request request) {
        var text = new StringBuilder();
        about.flags()
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        return negotiated("Flagz", request, text.toString(), Map.of("flags", about.flags()));
    }

    Answer statusz(Request request, Instant now) {
        var up = Duration.between(started, now);
        var java = "java" + System.getProperty("java.version");
        var text = "Started: " + started.truncatedTo(ChronoUnit.SECONDS)
                + "\nUp: " + up.toHours() + " hr " + two(up.toMinutesPart()) + " min " + two(up.toSecondsPart())
                + " sec\nGo version: " + java + "\nBinary version: " + about.gitVersion() + "\nEmulation version: "
                + minor() + "\nPaths: " + PATHS + "\n";
        var fields = new LinkedHashMap<String, Object>();
        fields.put("startTime", started.truncatedTo(ChronoUnit.SECONDS).toString());
        fields.put("uptimeSeconds", up.toSeconds());
        fields.put("goVersion", java);
        fields.put("binaryVersion", about.gitVersion());
        fields.put("emulationVersion", minor());
        fields.put("paths", Arrays.asList(PATHS.split(" ", -1)));
        return negotiated("Statusz", request, text, fields);
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    private String minor() {
        return about.follows().replaceFirst("^v", "").replaceFirst("^(\\d+\\.\\d+).*", "$1");
    }

    private Answer negotiated(String kind, Request request, String text, Map<String, ?> fields) {
        for (var range : request.header("Accept").split(",", -1)) {
            var words = range.toLowerCase(Locale.ROOT).replace(" ", "").split(";", -1);
            if (FOR_PEOPLE.contains(words[0])) {
                var page = kind.toLowerCase(Locale.ROOT);
                return Answer.text(
                        200,
                        "\nkube-proxy " + page + "\nFor people: programs should ask for " + structured(kind, "v1beta1")
                                + "\n\n" + text);
            }
            var parameters = Arrays.asList(words);
            boolean known = words[0].equals(Answer.JSON) || words[0].equals("application/yaml");
            if (known
                    && parameters.contains("g=config.k8s.io")
                    && parameters.contains("as=" + kind.toLowerCase(Locale.ROOT))) {
                if (parameters.contains("v=v1beta1")) {
                    return object(kind, words[0], "v1beta1", fields);
                }
                if (parameters.contains("v=v1alpha1")) {
                    return object(kind, words[0], "v1alpha1", fields)
                            .with(
                                    "Warning",
                                    "299 - \"This version of the " + kind.toLowerCase(Locale.ROOT)
                                            + " endpoint is deprecated. Please use a newer version.\"");
                }
            }
        }
        return notAcceptable(kind);
    }

    private static String structured(String kind, String version) {
        return Answer.JSON + ";g=config.k8s.io;v=" + version + ";as=" + kind;
    }

    /** JSON is YAML as well. */
    private static Answer object(String kind, String type, String version, Map<String, ?> fields) {
        var object = new LinkedHashMap<String, Object>();
        object.put("kind", kind);
        object.put("apiVersion", "config.k8s.io/" + version);
        object.put("metadata", Map.of("name", "kube-proxy"));
        object.putAll(fields);
        return Answer.of(200, type, JsonText.write(object));
    }

    private static Answer notAcceptable(String kind) {
        var status = new LinkedHashMap<String, Object>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", Map.of());
        status.put("status", "Failure");
        status.put(
                "message",
                "only the following media types are accepted: text/plain, " + structured(kind, "v1beta1") + ", "
                        + structured(kind, "v1alpha1"));
        status.put("reason", "NotAcceptable");
        status.put("code", 406);
        return Answer.of(406, Answer.JSON, JsonText.write(status));
    }
}
