package io.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.http.Request;
import io.fairlead.proxy.vectors.VectorFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * kube-proxy's own scripts for its health servers, recorded; FAIRLEAD_VECTORS says where they are. The service checks are
 * asked over real sockets.
 */
class HealthVectorsTest {

    private static final Instant START = Instant.parse("2026-03-30T09:28:56Z");

    private Instant now = START;
    private final Map<HealthPages.Probe, Map<Integer, Integer>> counted = new EnumMap<>(HealthPages.Probe.class);

    @Test
    void theRecordedScriptsGetTheRecordedAnswers() throws Exception {
        var file = VectorFiles.file("other/healthcheck.json");
        if (file.isEmpty()) {
            return;
        }
        int scripts = 0;
        int answers = 0;
        for (var script : new ObjectMapper().readTree(file.get().toFile())) {
            answers += switch (script.get("kind").asText()) {
                case "proxyHealthServer" -> replayProxy(script);
                case "serviceHealthServer" -> replayServices(script);
                default -> throw new AssertionError(script.get("kind"));
            };
            scripts++;
        }
        System.out.println(
                "vectors other/healthcheck.json: " + scripts + " scripts, " + answers + " answers, 0 failed");
        assertThat(scripts).isEqualTo(4);
    }

    private int replayProxy(JsonNode script) {
        now = START;
        var timeout = Duration.parse("PT" + script.get("healthTimeout").asText());
        var health =
                new ProxyHealth(() -> now, () -> Duration.between(START, now).toNanos(), timeout, false);
        // Where upstream answers yes before any family has reported; the proxy itself names its families first.
        health.expect(Set.of());
        health.node(node(script.get("initialNode"), false));
        var pages = new HealthPages(
                health,
                (probe, status) ->
                        counted.computeIfAbsent(probe, _ -> new HashMap<>()).merge(status, 1, Integer::sum));
        int answers = 0;
        for (var event : script.get("events")) {
            switch (event.get("do").asText()) {
                case "updated" -> health.updated(family(event));
                case "queuedUpdate" -> health.queued(family(event));
                case "advanceClock" ->
                    now = now.plus(Duration.parse("PT" + event.get("by").asText()));
                case "nodeUpdate" ->
                    health.node(node(
                            event.at("/node/object"),
                            event.at("/node/hasDeletionTimestamp").asBoolean()));
                case "get" -> {
                    var answer = pages.answer(Request.get(event.get("path").asText()));
                    assertThat(answer.status())
                            .as("%s", event)
                            .isEqualTo(event.get("status").asInt());
                    assertThat(normal(answer.body())).as("%s", event).isEqualTo(event.get("body"));
                    assertHeaders(event, answer.headers());
                    answers++;
                }
                default -> throw new AssertionError(event);
            }
        }
        return answers;
    }

    /** Times as the vectors write them: relative to the start. */
    private static JsonNode normal(String body) {
        try {
            var text = body;
            var found = Pattern.compile("\"(\\d{4}-[^\"]+)\"").matcher(body);
            while (found.find()) {
                var since = Duration.between(START, Instant.parse(found.group(1)));
                text = text.replace(found.group(), "\"T+" + go(since) + "\"");
            }
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }

    private static String go(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }

    private static Node node(JsonNode object, boolean deleting) {
        boolean tainted = StreamSupport.stream(object.at("/spec/taints").spliterator(), false)
                .anyMatch(taint -> taint.get("key").asText().equals("ToBeDeletedByClusterAutoscaler"));
        return new Node("test-node", List.of(), List.of(), Optional.empty(), deleting || tainted);
    }

    private static IpFamily family(JsonNode event) {
        return event.get("ipFamily").asText().equals("IPv4") ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    private int replayServices(JsonNode script) throws Exception {
        var family = family(script);
        var listen = StreamSupport.stream(script.get("nodePortAddresses").spliterator(), false)
                        .findAny()
                        .isEmpty()
                ? CheckAddresses.ALL
                : new CheckAddresses(false, Set.of(IpAddress.parse("127.0.0.1")));
        var healthy = new AtomicBoolean();
        int answers = 0;
        try (var checks = new ServiceHealthChecks(_ -> listen, healthy::get, (service, port, failure) -> {
                    throw new AssertionError(service + " " + port, failure);
                });
                var client = HttpClient.newHttpClient()) {
            for (var event : script.get("events")) {
                switch (event.get("do").asText()) {
                    case "syncServices" -> checks.services(family, numbers(event.get("services")));
                    case "syncEndpoints" -> checks.endpoints(family, numbers(event.get("endpoints")));
                    case "listening" -> {}
                    case "get" -> {
                        healthy.set(event.get("proxyHealthy").asBoolean());
                        var port = event.get("port").asInt();
                        var response = client.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                        assertThat(response.statusCode())
                                .as("%s", event)
                                .isEqualTo(event.get("status").asInt());
                        assertThat(response.body())
                                .as("%s", event)
                                .isEqualTo(event.get("body").asText());
                        var headers = new HashMap<String, String>();
                        response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
                        assertHeaders(event, headers);
                        answers++;
                    }
                    default -> throw new AssertionError(event);
                }
                if (event.has("openServices")) {
                    assertThat(checks.listening(family)).as("%s", event).isEqualTo(numbers(event.get("openServices")));
                }
            }
        }
        return answers;
    }

    private static void assertHeaders(JsonNode event, Map<String, String> headers) {
        var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        event.get("headers")
                .properties()
                .forEach(header -> assertThat(byName)
                        .as("%s", event)
                        .containsEntry(header.getKey(), header.getValue().asText()));
    }

    private static Map<NamespacedName, Integer> numbers(JsonNode object) {
        var numbers = new HashMap<NamespacedName, Integer>();
        object.properties().forEach(entry -> {
            int slash = entry.getKey().indexOf('/');
            numbers.put(
                    new NamespacedName(
                            entry.getKey().substring(0, slash), entry.getKey().substring(slash + 1)),
                    entry.getValue().asInt());
        });
        return numbers;
    }
}
