package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerTest {

    private static final String SERVICES = "/api/v1/services";

    @Test
    void tokensAreCheckedAndCanBeRotated() throws Exception {
        try (var server = ApiServer.builder().tokens("one").start();
                var client = TestClient.of(server)) {
            var refused = client.get(SERVICES);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.reason()).isEqualTo("Unauthorized");
            assertThat(client.get("/readyz").status()).isEqualTo(200);
            assertThat(client.with("one").get(SERVICES).status()).isEqualTo(200);
            server.authentication().addToken("two");
            server.authentication().revokeToken("one");
            assertThat(client.get(SERVICES).status()).isEqualTo(401);
            assertThat(client.with("two").get(SERVICES).status()).isEqualTo(200);
            server.authentication().revokeToken("two");
            assertThat(client.get(SERVICES).status()).isEqualTo(401);
        }
    }

    @Test
    void tlsIsBelievedByThoseWhoKnowTheAuthority() throws Exception {
        try (var server = ApiServer.builder().tls().tokens("secret").start();
                var stranger = TestClient.of(
                        server, CertificateAuthority.create("other").context());
                var client =
                        TestClient.of(server, server.authority().orElseThrow().context())) {
            server.store().create(service("web"));
            assertThat(server.url()).hasScheme("https");
            assertThatThrownBy(() -> stranger.get(SERVICES)).isInstanceOf(IOException.class);
            assertThat(client.get(SERVICES).status()).isEqualTo(401);
            assertThat(client.with("secret").get(SERVICES).names()).containsExactly("web");
            try (var watch = client.watch(SERVICES)) {
                assertThat(watch.brief()).isEqualTo("ADDED web");
            }
        }
    }

    @Test
    void clientCertificatesAreCheckedAndCanBeRevoked() throws Exception {
        try (var server = ApiServer.builder().tls().clientCertificates().start()) {
            var authority = server.authority().orElseThrow();
            var credential = authority.issueClient("system:node:k8s1", List.of("system:nodes"));
            assertThat(credential.certificate().getSubjectX500Principal().getName())
                    .isEqualTo("CN=system:node:k8s1,O=system:nodes");
            var foreign = CertificateAuthority.create("other");
            try (var client = TestClient.of(server, authority.context(credential));
                    var nobody = TestClient.of(server, authority.context());
                    var stranger =
                            TestClient.of(server, authority.context(foreign.issueClient("system:admin", List.of())))) {
                assertThat(client.get(SERVICES).status()).isEqualTo(200);
                assertThat(nobody.get(SERVICES).status()).isEqualTo(401);
                assertThat(statusOrZero(stranger)).isIn(0, 401);
                server.authentication().revoke(credential.certificate());
                assertThat(client.get(SERVICES).status()).isEqualTo(401);
            }
        }
    }

    /** 0 if the TLS layer refused. */
    private static int statusOrZero(TestClient client) throws InterruptedException {
        try {
            return client.get(SERVICES).status();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void certificatesAreValidAndSayWhatTheyAreFor() throws Exception {
        var authority = CertificateAuthority.create("lab");
        authority.certificate().verify(authority.certificate().getPublicKey());
        assertThat(authority.certificate().getBasicConstraints()).isNotNegative();
        var client = authority.issueClient("user", List.of());
        client.certificate().verify(authority.certificate().getPublicKey());
        client.certificate().checkValidity();
        assertThat(client.certificate().getBasicConstraints()).isNegative();
        assertThat(client.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(client.toString()).doesNotContain("PRIVATE").contains("CN=user");
        assertThat(client.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("-----END PRIVATE KEY-----\n");
    }

    @Test
    void kubeconfigsHoldWhatLetsIn() throws Exception {
        try (var server = ApiServer.builder().tls().tokens("a: \"token\"").start()) {
            var config = Json.parse(server.kubeconfig().getBytes(StandardCharsets.UTF_8));
            assertThat(config.at("/clusters/0/cluster/server").asText())
                    .isEqualTo(server.url().toString());
            assertThat(new String(
                            Base64.getDecoder()
                                    .decode(config.at("/clusters/0/cluster/certificate-authority-data")
                                            .asText()),
                            StandardCharsets.US_ASCII))
                    .startsWith("-----BEGIN CERTIFICATE-----");
            assertThat(config.at("/users/0/user/token").asText()).isEqualTo("a: \"token\"");
        }
        try (var server = ApiServer.builder().tls().clientCertificates().start()) {
            assertThat(server.kubeconfig()).contains("client-certificate-data").contains("client-key-data");
        }
        try (var server = ApiServer.builder().start()) {
            assertThat(server.kubeconfig()).contains("http://127.0.0.1:" + server.port());
        }
    }

    @Test
    void restartsOnTheSamePort() throws Exception {
        try (var server = ApiServer.builder().start();
                var client = TestClient.of(server)) {
            var before = server.store().create(service("a"));
            var watch = client.watch(SERVICES + "?resourceVersion=" + before.resourceVersion());
            int port = server.port();
            server.stop();
            assertThatThrownBy(() -> client.get(SERVICES)).isInstanceOf(ConnectException.class);
            assertThat(endsSomehow(watch)).isTrue();
            assertThat(server.watches().count()).isZero();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(client.get(SERVICES).names()).containsExactly("a");
            server.restart(server.store().successor());
            assertThat(client.get(SERVICES).names()).isEmpty();
            try (var late = client.watch(SERVICES + "?resourceVersion=" + before.resourceVersion())) {
                assertThat(late.next().orElseThrow().at("/object/code").asInt()).isEqualTo(410);
            }
        }
    }

    private static boolean endsSomehow(WatchReader watch) {
        try {
            return watch.next().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void answersWithTheFaultsAskedFor() throws Exception {
        try (var server = ApiServer.builder().start();
                var client = TestClient.of(server)) {
            server.faults().times(1, RequestLine.under(SERVICES), Fault.html());
            server.faults().times(1, RequestLine.under(SERVICES), Fault.garbage());
            server.faults().times(1, RequestLine.under(SERVICES), Fault.tooManyRequests(7));
            server.faults().times(1, RequestLine.under(SERVICES), Fault.serverError());
            server.faults().times(1, RequestLine.under(SERVICES), Fault.gone());
            server.faults().times(1, RequestLine.under(SERVICES), new Fault.Disconnect());
            assertThat(client.get("/api/v1/nodes").status()).isEqualTo(200);
            assertThat(client.get(SERVICES).text()).startsWith("<!DOCTYPE html>");
            assertThatThrownBy(() -> client.get(SERVICES).json()).isInstanceOf(IOException.class);
            var busy = client.get(SERVICES);
            assertThat(busy.status()).isEqualTo(429);
            assertThat(busy.response().headers().firstValue("Retry-After")).contains("7");
            assertThat(client.get(SERVICES).status()).isEqualTo(500);
            assertThat(client.get(SERVICES).reason()).isEqualTo("Expired");
            // The client may retry a cut GET by itself once, on a connection it has reused.
            assertThat(statusOrZero(client)).isIn(0, 200);
            assertThat(client.get(SERVICES).status()).isEqualTo(200);
        }
    }

    @Test
    void anEndlessListAlwaysHasANextPage() throws Exception {
        try (var server = ApiServer.builder().start();
                var client = TestClient.of(server)) {
            server.store().create(service("a"));
            server.faults().always(RequestLine.listOf(SERVICES), new Fault.EndlessList());
            var seen = new HashSet<String>();
            var token = "";
            for (int i = 0; i < 20; i++) {
                var page = client.get(SERVICES + "?limit=1" + token);
                assertThat(page.names()).containsExactly("a");
                token = "&continue=" + page.json().at("/metadata/continue").asText();
                assertThat(seen.add(token)).isTrue();
            }
            server.faults().clear();
            assertThat(client.get(SERVICES).json().path("metadata").has("continue"))
                    .isFalse();
        }
    }

    @Test
    void slowAnswersAreRightAnswers() throws Exception {
        try (var server = ApiServer.builder().start();
                var client = TestClient.of(server)) {
            server.faults().times(1, RequestLine.listOf(SERVICES), new Fault.Slow(Duration.ofMillis(200)));
            long start = System.nanoTime();
            assertThat(client.get(SERVICES).status()).isEqualTo(200);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000L);
        }
    }

    @Test
    void requestsAreLogged() throws Exception {
        try (var server = ApiServer.builder().start();
                var client = TestClient.of(server)) {
            client.get(SERVICES + "?limit=5");
            client.get("/nowhere");
            client.watch(SERVICES + "?timeoutSeconds=1").close();
            assertThat(server.requests().entries())
                    .extracting(entry -> entry.line() + " " + entry.status())
                    .containsExactly(
                            "GET /api/v1/services?limit=5 200",
                            "GET /nowhere 404",
                            "GET /api/v1/services?timeoutSeconds=1&watch=true 200");
            assertThat(server.requests().entries(RequestLine.watchOf(SERVICES))).hasSize(1);
            assertThat(server.requests().entries(RequestLine.listOf(SERVICES))).hasSize(1);
        }
    }

    @Test
    void loadsFilesAndNamesWhatItDoesNotKnow(@TempDir Path folder) throws Exception {
        var file = folder.resolve("objects.json");
        var list = Json.object().put("kind", "List").put("apiVersion", "v1");
        list.putArray("items").add(service("a")).add(service("b"));
        Files.writeString(file, list.toString());
        var store = ObjectStore.create();
        store.load(file);
        assertThat(store.image().objects(ResourceTypes.SERVICES)).hasSize(2);
        var unknown = Json.object().put("kind", "Widget").put("apiVersion", "example.com/v1");
        unknown.putObject("metadata").put("name", "w");
        assertThatThrownBy(() -> store.load(List.of(unknown)))
                .hasMessageContaining("Widget")
                .hasMessageContaining("example.com/v1");
        var extended = ObjectStore.create(
                ResourceTypes.standard().with(ResourceType.clusterScoped("example.com/v1", "widgets", "Widget")));
        extended.load(List.of(unknown));
        try (var server = ApiServer.builder().store(extended).start();
                var client = TestClient.of(server)) {
            assertThat(client.get("/apis/example.com/v1/widgets").names()).containsExactly("w");
        }
    }
}
