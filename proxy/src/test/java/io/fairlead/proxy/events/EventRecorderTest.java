package io.fairlead.proxy.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.source.api.ApiAccess;
import io.fairlead.proxy.source.api.ApiClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-03-30T09:28:56.497083123Z");
    private static final NamespacedName WEB = new NamespacedName("shop", "web");

    private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
    private HttpServer server;
    private ApiClient client;
    private EventRecorder recorder;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            var status = statuses.poll();
            if (status != null && status == 0) {
                exchange.close();
                return;
            }
            exchange.sendResponseHeaders(status == null ? 201 : status, -1);
            exchange.close();
        });
        server.start();
        var url = new URI("http://127.0.0.1:" + server.getAddress().getPort());
        client = new ApiClient(ApiAccess.of(Optional.empty(), Optional.of(url), Map.of()), "test");
        recorder = recorder(Duration.ofMinutes(5));
    }

    /** @param quiet after which a series is over */
    private EventRecorder recorder(Duration quiet) {
        return new EventRecorder(
                client, "node-1", "machine", Duration.ofMillis(20), new EventSeries.Times(quiet, Duration.ofHours(1)));
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void theStartIsAnEventOfTheNode() throws Exception {
        recorder.record(Event.starting());
        var request = next();
        assertThat(request).startsWith("POST /apis/events.k8s.io/v1/namespaces/default/events {");
        assertThat(JSON.readTree(request.substring(request.indexOf('{')))
                        .path("reason")
                        .asText())
                .isEqualTo("Starting");
    }

    @Test
    void theObjectIsKubeProxys() throws Exception {
        assertThat(json(Event.starting())).isEqualTo(JSON.readTree("""
                {"apiVersion":"events.k8s.io/v1","kind":"Event",
                 "metadata":{"name":"node-1.18a1986b8b1da973","namespace":"default"},
                 "eventTime":"2026-03-30T09:28:56.497083Z",
                 "reportingController":"kube-proxy","reportingInstance":"kube-proxy-machine",
                 "action":"StartKubeProxy","reason":"Starting",
                 "regarding":{"apiVersion":"v1","kind":"Node","name":"node-1"},
                 "note":"","type":"Normal"}""".replace("18a1986b8b1da973", hex())));
        assertThat(json(Event.serviceHealthCheckFailed("node-1", WEB, 30001, "in use")))
                .isEqualTo(JSON.readTree("""
                        {"apiVersion":"events.k8s.io/v1","kind":"Event",
                         "metadata":{"name":"web.HEX","namespace":"shop"},
                         "eventTime":"2026-03-30T09:28:56.497083Z",
                         "reportingController":"kube-proxy","reportingInstance":"kube-proxy-machine",
                         "action":"Listen","reason":"FailedToStartServiceHealthcheck",
                         "regarding":{"apiVersion":"v1","kind":"Service","name":"web","namespace":"shop"},
                         "note":"node node-1 failed to start healthcheck \\"shop/web\\" on port 30001: in use",
                         "type":"Warning"}""".replace("HEX", hex())));
    }

    private static String hex() {
        return Long.toHexString(NOW.getEpochSecond() * 1_000_000_000 + NOW.getNano());
    }

    private static JsonNode json(Event event) throws Exception {
        return JSON.readTree(event.json(event.objectName("node-1", NOW), "node-1", "machine", NOW));
    }

    @Test
    void aNameThatIsNoSubdomainGivesWayToARandomOne() throws Exception {
        assertThat(Event.starting().objectName("Node_1", NOW)).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void aServerThatCannotBeReachedIsTriedAgain() throws Exception {
        statuses.add(0);
        statuses.add(0);
        recorder.record(Event.starting());
        for (int i = 0; i < 3; i++) {
            assertThat(next()).contains("Starting");
        }
    }

    @Test
    void aRefusalIsFinal() throws Exception {
        statuses.add(403);
        recorder.record(Event.starting());
        assertThat(next()).contains("Starting");
        assertThat(received.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aRepetitionIsCountedOnTheFirstObject() throws Exception {
        recorder.record(Event.starting());
        recorder.record(Event.starting());
        var created = next();
        assertThat(created).startsWith("POST ");
        var patch = next();
        assertThat(patch).startsWith("PATCH /apis/events.k8s.io/v1/namespaces/default/events/" + name(created) + " {");
        var series = JSON.readTree(patch.substring(patch.indexOf('{'))).path("series");
        assertThat(series.path("count").asInt()).isEqualTo(2);
        assertThat(series.path("lastObservedTime").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{6}Z");
        recorder.record(Event.starting());
        recorder.record(Event.metricsServerFailed("in use"));
        assertThat(next()).as("not a request for each").contains("FailedToStartMetricServer");
    }

    @Test
    void aSeriesThatIsOverIsToldOnceMoreAndTheNextEventIsANewOne() throws Exception {
        recorder = recorder(Duration.ofSeconds(1));
        for (int i = 0; i < 50; i++) {
            recorder.record(Event.starting());
        }
        var first = next();
        String last;
        do {
            last = next();
            assertThat(last).startsWith("PATCH ").contains("/" + name(first) + " ");
        } while (!last.contains("\"count\":50,"));
        // It may not be over quite yet; then it is told once more, and the one after that is new.
        Optional<String> next;
        do {
            recorder.record(Event.starting());
            next = Optional.ofNullable(received.poll(2, TimeUnit.SECONDS));
        } while (next.isEmpty() || next.get().startsWith("PATCH "));
        assertThat(next.get()).startsWith("POST ").doesNotContain(name(first));
    }

    @Test
    void anObjectThatHasExpiredIsMadeAnew() throws Exception {
        statuses.add(201);
        statuses.add(404);
        recorder.record(Event.starting());
        recorder.record(Event.starting());
        var first = next();
        assertThat(next()).startsWith("PATCH ");
        assertThat(next()).startsWith("POST ").contains("\"Starting\"").doesNotContain("\"" + name(first) + "\"");
    }

    @Test
    void whatWasRefusedIsNotRepeated() throws Exception {
        statuses.add(409);
        recorder.record(Event.starting());
        assertThat(next()).startsWith("POST ");
        recorder.record(Event.starting());
        recorder.record(Event.metricsServerFailed("in use"));
        assertThat(next()).contains("FailedToStartMetricServer");
    }

    private static String name(String created) throws Exception {
        return JSON.readTree(created.substring(created.indexOf('{')))
                .at("/metadata/name")
                .asText();
    }

    private String next() throws InterruptedException {
        var request = received.poll(10, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return String.valueOf(request);
    }
}
