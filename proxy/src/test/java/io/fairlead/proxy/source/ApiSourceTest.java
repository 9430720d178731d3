package io.fairlead.proxy.source;

import static io.fairlead.proxy.source.ScriptedApi.event;
import static io.fairlead.proxy.source.ScriptedApi.json;
import static io.fairlead.proxy.source.ScriptedApi.list;
import static io.fairlead.proxy.source.ScriptedApi.service;
import static io.fairlead.proxy.source.ScriptedApi.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.proxy.source.ApiSource.Pace;
import io.fairlead.proxy.source.api.ApiAccess;
import io.fairlead.proxy.source.api.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiSourceTest {

    private static final Duration SOON = Duration.ofMillis(50);

    private ScriptedApi api;
    private final RecordingListener listener = new RecordingListener();

    @TempDir
    Path dir;

    @BeforeEach
    void startApi() throws IOException {
        api = new ScriptedApi(0);
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private ApiSource start(ApiAccess access, Duration silence) throws Exception {
        var source = new ApiSource(new ApiClient(access, "test"), "n1", false, new Pace(SOON, SOON, silence));
        source.start(listener);
        return source;
    }

    private ApiSource start() throws Exception {
        return start(new ApiAccess.Anonymous(server()), Duration.ofSeconds(30));
    }

    private URI server() {
        return URI.create("http://127.0.0.1:" + api.port());
    }

    @Test
    void listsInPagesThenWatchesFromThere() throws Exception {
        api.then(list("5", "next page", service("a", 1), service("b", 2)))
                .then(list("5", "", service("c", 3)))
                .then(api.watch(
                        event("ADDED", service("d", 4)),
                        event("MODIFIED", service("a", 5)),
                        event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"77\"}}"),
                        event("DELETED", service("b", 6))));
        try (var source = start()) {
            assertThat(listener.next()).containsExactlyInAnyOrder("set Service ns/a", "set Service ns/b");
            assertThat(listener.next()).containsExactly("set Service ns/c");
            assertThat(listener.next()).containsExactly("set Service ns/d");
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("deleted Service ns/b");
            listener.awaitSynced();
        }
        var first = URLDecoder.decode(api.nextRequest(), StandardCharsets.UTF_8);
        assertThat(first)
                .contains("limit=500")
                .contains("labelSelector=!service.kubernetes.io/service-proxy-name")
                .contains("fieldSelector=spec.clusterIP!=None");
        assertThat(api.nextRequest()).contains("continue=next+page");
        assertThat(api.nextRequest()).contains("watch=true", "allowWatchBookmarks=true", "resourceVersion=5");
    }

    @Test
    void afterGoneOnlyDifferencesComeAndDeletionsFirst() throws Exception {
        api.then(list("5", "", service("a", 1), service("b", 2), service("c", 3)))
                .then(api.watch(event("ERROR", "{\"kind\":\"Status\",\"code\":410,\"message\":\"too old\"}")))
                .then(list("9", "", service("a", 1), service("c", 4), service("d", 5)));
        try (var source = start()) {
            assertThat(listener.next()).hasSize(3);
            assertThat(listener.next())
                    .startsWith("deleted Service ns/b")
                    .containsExactlyInAnyOrder("deleted Service ns/b", "set Service ns/c", "set Service ns/d");
        }
    }

    @Test
    void goneAsAnAnswerMeansListingAgainToo() throws Exception {
        api.then(list("5", "more", service("a", 1)))
                .then(json(410, "{\"kind\":\"Status\",\"code\":410}"))
                .then(list("6", "more", service("a", 1)))
                .then(list("6", "", service("b", 1)))
                .then(json(410, "{\"kind\":\"Status\",\"code\":410}"))
                .then(list("7", "", service("b", 2)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("set Service ns/b");
            assertThat(listener.next()).containsExactly("deleted Service ns/a", "set Service ns/b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>login</html>",
                "garbage",
                "{\"type\":\"ADDED\"}",
                "{\"type\":\"WHAT\",\"object\":{}}",
                "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":\"1\"}}}",
                "[1,2]",
                "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"a\",}}}",
                "\u0001\u0002\u0003\u0004"
            })
    void nonsenseFromAWatchMeansListingAgainAndLosesNothing(String nonsense) throws Exception {
        api.then(list("5", "", service("a", 1), service("b", 1)))
                .then(api.watch(nonsense, ""))
                .then(list("6", "", service("a", 1), service("b", 2)));
        try (var source = start()) {
            assertThat(listener.next()).hasSize(2);
            assertThat(listener.next()).containsExactly("set Service ns/b");
        }
    }

    @Test
    void aTruncatedEventMeansListingAgain() throws Exception {
        api.then(list("5", "", service("a", 1)))
                .then(json(200, "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"a\""))
                .then(list("6", "", service("a", 2)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("set Service ns/a");
        }
    }

    @Test
    void anEventWithoutEndIsCutOff() throws Exception {
        api.then(list("5", "", service("a", 1)))
                .then(text(200, "application/json", "{\"type\":\"ADDED\",\"pad\":\"" + "x".repeat(17 << 20)))
                .then(api.watch(event("MODIFIED", service("a", 2))));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            assertThat(listener.next()).containsExactly("set Service ns/a");
        }
    }

    @Test
    void wrongAnswersToAListAreRetriedAndNothingIsSyncedMeanwhile() throws Exception {
        api.then(text(200, "text/html", "<html>login</html>"))
                .then(text(200, "application/json", "<html>"))
                .then(json(500, "{\"kind\":\"Status\",\"code\":500,\"message\":\"etcd\"}"))
                .then(json(200, "{\"items\":[" + service("a", 1)))
                .then(json(200, "{}"))
                .then(json(200, "[]"))
                .then(list("5", "same", service("a", 1)))
                .then(list("5", "same", service("a", 1)))
                .then(list("5", "", service("a", 1)));
        try (var source = start()) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
            listener.awaitSynced();
        }
        for (int i = 0; i < 9; i++) {
            api.nextRequest();
        }
    }

    @Test
    void aServerThatIsNotThereYetIsWaitedFor() throws Exception {
        int port = api.port();
        api.close();
        try (var source = start()) {
            Thread.sleep(200);
            api = new ScriptedApi(port);
            api.then(list("5", "", service("a", 1)));
            assertThat(listener.next()).containsExactly("set Service ns/a");
            listener.awaitSynced();
        }
    }

    @Test
    void aSilentWatchIsResumedFromTheLastVersionSeen() throws Exception {
        api.then(list("5", "", service("a", 1)))
                .then(api.watch(event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"42\"}}")))
                .then(api.watch(event("MODIFIED", service("a", 2))));
        try (var source = start(new ApiAccess.Anonymous(server()), Duration.ofMillis(300))) {
            assertThat(listener.next()).hasSize(1);
            assertThat(listener.next()).containsExactly("set Service ns/a");
        }
        api.nextRequest();
        assertThat(api.nextRequest()).contains("resourceVersion=5");
        assertThat(api.nextRequest()).contains("resourceVersion=42");
    }

    @Test
    void aRotatedTokenIsFound() throws Exception {
        var kubeconfig = dir.resolve("kubeconfig");
        writeKubeconfig(kubeconfig, "old");
        ScriptedApi.Answer checked = exchange -> {
            var token = exchange.getRequestHeaders().getFirst("Authorization");
            if ("Bearer new".equals(token)) {
                list("5", "", service("a", 1)).to(exchange);
            } else {
                writeKubeconfig(kubeconfig, "new");
                json(401, "{\"kind\":\"Status\",\"code\":401,\"message\":\"Unauthorized\"}")
                        .to(exchange);
            }
        };
        api.then(checked).then(checked);
        try (var source = start(new ApiAccess.Kubeconfig(kubeconfig, Optional.empty()), Duration.ofSeconds(30))) {
            assertThat(listener.next()).containsExactly("set Service ns/a");
        }
    }

    private void writeKubeconfig(Path file, String token) throws IOException {
        Files.writeString(file, """
                current-context: x
                contexts: [{name: x, context: {cluster: x, user: x}}]
                clusters: [{name: x, cluster: {server: "%s"}}]
                users: [{name: x, user: {token: %s}}]
                """.formatted(server(), token));
    }

    @Test
    void closeReturnsAtOnceAndNothingComesAfterwards() throws Exception {
        api.then(list("5", "", service("a", 1)));
        var source = start();
        assertThat(listener.next()).hasSize(1);

        long start = System.nanoTime();
        source.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(listener.isIdle()).isTrue();
    }
}
