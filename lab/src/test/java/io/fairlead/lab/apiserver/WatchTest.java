package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.DEFAULT;
import static io.fairlead.lab.apiserver.Services.labelled;
import static io.fairlead.lab.apiserver.Services.named;
import static io.fairlead.lab.apiserver.Services.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchTest {

    private static final String SERVICES = "/api/v1/services";

    private ApiServer server;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.builder().bookmarksEvery(Duration.ofMillis(50)).start();
        client = TestClient.of(server);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void deliversWhatHappensAfterAVersion() throws Exception {
        long version = server.store().create(service("old")).resourceVersion();
        try (var watch = client.watch(SERVICES + "?resourceVersion=" + version)) {
            client.post(DEFAULT, service("web"));
            client.patch(DEFAULT + "/web", "merge-patch", "{\"spec\":{\"type\":\"NodePort\"}}");
            client.delete(DEFAULT + "/web");
            assertThat(watch.brief()).isEqualTo("ADDED web");
            var modified = watch.next().orElseThrow();
            assertThat(modified.path("type").asText()).isEqualTo("MODIFIED");
            assertThat(modified.at("/object/kind").asText()).isEqualTo("Service");
            assertThat(modified.at("/object/spec/type").asText()).isEqualTo("NodePort");
            var deleted = watch.next().orElseThrow();
            assertThat(deleted.path("type").asText()).isEqualTo("DELETED");
            assertThat(deleted.at("/object/spec/type").asText()).isEqualTo("NodePort");
            assertThat(deleted.at("/object/metadata/resourceVersion").asLong())
                    .isEqualTo(server.store().image().resourceVersion());
        }
    }

    @Test
    void beginsWithThePresentObjectsWithoutAVersion() throws Exception {
        server.store().create(service("a"));
        server.store().create(service("b"));
        for (var query : new String[] {"", "?resourceVersion=0"}) {
            try (var watch = client.watch(SERVICES + query)) {
                assertThat(watch.brief()).isEqualTo("ADDED a");
                assertThat(watch.brief()).isEqualTo("ADDED b");
            }
        }
    }

    @Test
    void streamsAListAndMarksItsEnd() throws Exception {
        server.store().create(service("a"));
        var query = "?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
        try (var watch = client.watch(SERVICES + query)) {
            assertThat(watch.brief()).isEqualTo("ADDED a");
            var bookmark = watch.next().orElseThrow();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asText())
                    .isEqualTo("true");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asLong())
                    .isEqualTo(server.store().image().resourceVersion());
        }
        assertThat(client.get(SERVICES + "?watch=1&sendInitialEvents=true").status())
                .isEqualTo(422);
    }

    @Test
    void anOlderServerRefusesStreamingLists() throws Exception {
        try (var old = ApiServer.builder().withoutStreamingLists().start();
                var oldClient = TestClient.of(old)) {
            var answer = oldClient.get(SERVICES + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.reason()).isEqualTo("Invalid");
        }
    }

    @Test
    void bookmarksCarryTheVersionOfOtherTypesChangesToo() throws Exception {
        long version = server.store().image().resourceVersion();
        try (var watch = client.watch(SERVICES + "?allowWatchBookmarks=true&resourceVersion=" + version)) {
            var node = Json.object().put("apiVersion", "v1").put("kind", "Node");
            node.putObject("metadata").put("name", "k8s1");
            long later = server.store().create(node).resourceVersion();
            long seen = 0;
            while (seen < later) {
                var event = watch.next().orElseThrow();
                assertThat(event.path("type").asText()).isEqualTo("BOOKMARK");
                seen = event.at("/object/metadata/resourceVersion").asLong();
            }
            assertThat(seen).isEqualTo(later);
        }
    }

    @Test
    void enteringASelectionIsAddedAndLeavingIsDeleted() throws Exception {
        var selector = "?labelSelector=%21service.kubernetes.io%2Fservice-proxy-name&resourceVersion=";
        var name = "service.kubernetes.io/service-proxy-name";
        server.store().create(labelled("web", name, "other"));
        try (var watch =
                client.watch(SERVICES + selector + server.store().image().resourceVersion())) {
            server.store().put(service("web"));
            server.store().put(labelled("web", "color", "blue"));
            server.store().put(labelled("web", name, "other"));
            server.store().put(labelled("web", name, "another"));
            server.store().delete(ResourceTypes.SERVICES, named("web"));
            server.store().create(service("last"));
            assertThat(watch.brief()).isEqualTo("ADDED web");
            assertThat(watch.brief()).isEqualTo("MODIFIED web");
            var left = watch.next().orElseThrow();
            assertThat(left.path("type").asText()).isEqualTo("DELETED");
            assertThat(left.at("/object/metadata/labels/color").asText()).isEqualTo("blue");
            assertThat(watch.brief()).isEqualTo("ADDED last");
        }
    }

    @Test
    void watchesOneObject() throws Exception {
        long version = server.store().image().resourceVersion();
        try (var watch = client.watch(DEFAULT + "?fieldSelector=metadata.name%3Db&resourceVersion=" + version);
                var byPath = client.watch(DEFAULT + "/b?resourceVersion=" + version)) {
            server.store().create(service("a"));
            server.store().create(service("b"));
            assertThat(watch.brief()).isEqualTo("ADDED b");
            assertThat(byPath.brief()).isEqualTo("ADDED b");
        }
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        try (var watch = client.watch(SERVICES + "?timeoutSeconds=1")) {
            assertThat(watch.next()).isEmpty();
        }
        assertThat(server.watches().count()).isZero();
    }

    @Test
    void aForgottenVersionIsAnErrorEvent() throws Exception {
        server.store().create(service("a"));
        server.store().create(service("b"));
        server.store().compact();
        try (var watch = client.watch(SERVICES + "?resourceVersion=2")) {
            var error = watch.next().orElseThrow();
            assertThat(error.path("type").asText()).isEqualTo("ERROR");
            assertThat(error.at("/object/kind").asText()).isEqualTo("Status");
            assertThat(error.at("/object/code").asInt()).isEqualTo(410);
            assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
            assertThat(watch.next()).isEmpty();
        }
    }

    @Test
    void aForgottenVersionIsAnHttpStatusIfSoAsked() throws Exception {
        try (var strict = ApiServer.builder().goneAsHttpStatus().start();
                var strictClient = TestClient.of(strict)) {
            strict.store().create(service("a"));
            strict.store().create(service("b"));
            strict.store().compact();
            var answer = strictClient.get(SERVICES + "?watch=1&resourceVersion=2");
            assertThat(answer.status()).isEqualTo(410);
            assertThat(answer.reason()).isEqualTo("Expired");
        }
    }

    @Test
    void runningWatchesCanBeClosedExpiredTruncatedAndSoiled() throws Exception {
        try (var closed = client.watch(SERVICES)) {
            server.watches().close();
            assertThat(closed.next()).isEmpty();
        }
        try (var expired = client.watch(SERVICES)) {
            server.watches().expire();
            assertThat(expired.next().orElseThrow().at("/object/code").asInt()).isEqualTo(410);
            assertThat(expired.next()).isEmpty();
        }
        try (var soiled = client.watch(SERVICES)) {
            server.watches().send("]garbage\n");
            assertThat(soiled.lines().readLine()).isEqualTo("]garbage");
            server.store().create(service("a"));
            assertThat(soiled.brief()).isEqualTo("ADDED a");
            server.watches().truncate();
            assertThatThrownBy(() -> soiled.lines().readLine()).isInstanceOf(IOException.class);
        }
    }
}
