package io.fairlead.proxy.events;

import com.fasterxml.jackson.core.JsonFactory;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An event of events.k8s.io/v1 (spec: process, section 3.9).
 *
 * @param regarding a Service; empty for this Node
 */
public record Event(Type type, String reason, String action, String note, Optional<NamespacedName> regarding) {

    /** How serious it is. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }
    }

    /** Where events about Nodes, which have no namespace, go. */
    private static final String DEFAULT_NAMESPACE = "default";

    private static final String CONTROLLER = "kube-proxy";
    private static final int MAX_NOTE = 1024; // as the API server checks it
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern SUBDOMAIN =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    /** The proxy begins its work. */
    public static Event starting() {
        return new Event(Type.NORMAL, "Starting", "StartKubeProxy", "", Optional.empty());
    }

    /** The health server could not listen, and the configuration says that this ends the process. */
    public static Event healthServerFailed(String error) {
        return new Event(
                Type.WARNING,
                "FailedToStartProxierHealthcheck",
                "StartKubeProxy",
                "healthz server failed: " + error,
                Optional.empty());
    }

    /** The metrics server could not listen, and the configuration says that this ends the process. */
    public static Event metricsServerFailed(String error) {
        return new Event(Type.WARNING, "FailedToStartMetricServer", "StartKubeProxy", error, Optional.empty());
    }

    /** A Service's health check could not listen. */
    public static Event serviceHealthCheckFailed(String node, NamespacedName service, int port, String error) {
        return new Event(
                Type.WARNING,
                "FailedToStartServiceHealthcheck",
                "Listen",
                "node " + node + " failed to start healthcheck \"" + service + "\" on port " + port + ": " + error,
                Optional.of(service));
    }

    /** Somebody else had changed the rules, and they have been mended. */
    public static Event rulesMended(String family, List<String> what) {
        return new Event(
                Type.WARNING,
                "RulesMended",
                "Sync",
                family + " rules had been changed by somebody else: " + String.join(", ", what),
                Optional.empty());
    }

    /** Where it is created. */
    String namespace() {
        return regarding.map(NamespacedName::namespace).orElse(DEFAULT_NAMESPACE);
    }

    /** What its object is called when it is created at this time; a random name if the usual one cannot be. */
    String objectName(String nodeName, Instant now) {
        var name = regarding.map(NamespacedName::name).orElse(nodeName)
                + "."
                + Long.toHexString(now.getEpochSecond() * 1_000_000_000 + now.getNano());
        return SUBDOMAIN.matcher(name).matches() ? name : UUID.randomUUID().toString();
    }

    /**
     * As the API server takes it.
     *
     * @param name of the object
     * @param nodeName what it regards when it regards no Service
     * @param host the machine's own name
     */
    String json(String name, String nodeName, String host, Instant now) {
        var text = new StringWriter();
        try (var json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("apiVersion", "events.k8s.io/v1");
            json.writeStringField("kind", "Event");
            json.writeObjectFieldStart("metadata");
            json.writeStringField("name", name);
            json.writeStringField("namespace", namespace());
            json.writeEndObject();
            json.writeStringField("eventTime", MICRO_TIME.format(now));
            json.writeStringField("reportingController", CONTROLLER);
            json.writeStringField("reportingInstance", CONTROLLER + "-" + host);
            json.writeStringField("action", action);
            json.writeStringField("reason", reason);
            json.writeObjectFieldStart("regarding");
            json.writeStringField("apiVersion", "v1");
            json.writeStringField("kind", regarding.isPresent() ? "Service" : "Node");
            json.writeStringField("name", regarding.map(NamespacedName::name).orElse(nodeName));
            if (regarding.isPresent()) {
                json.writeStringField("namespace", regarding.get().namespace());
            }
            json.writeEndObject();
            json.writeStringField("note", note.substring(0, Math.min(note.length(), MAX_NOTE)));
            json.writeStringField("type", type.text);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** What changes of the object when it has happened again: merged into it (RFC 7386). */
    static String seriesJson(int count, Instant last) {
        return "{\"series\":{\"count\":" + count + ",\"lastObservedTime\":\"" + MICRO_TIME.format(last) + "\"}}";
    }
}
