package io.fairlead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Credentials of every kind, refused and (where the server can) accepted, with the log at its most talkative: they are in
 * none of the lines, pages, errors and events.
 */
@Tag("kernel")
class SecretsTest {

    private static final String SECRET = "s3cr3t-0123456789-Zq7";
    private static final String PAIR = Base64.getEncoder().encodeToString(("admin:" + SECRET).getBytes(UTF_8));
    private static final List<String> PAGES =
            List.of("/configz", "/flagz", "/statusz", "/metrics", "/healthz?verbose", "/debug/threads");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"token", "tokenFile", "exec", "password", "url"})
    void aCredentialIsNeverShown(String kind) throws Exception {
        try (var daemon =
                DaemonUnderTest.with("secret", ApiServer.builder().tls().tokens("another"))) {
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), kubeconfig(daemon.server, kind));
            var process = start(daemon, kubeconfig, kind);
            daemon.awaitLog("cannot watch the API", 3);
            var shown = pages(daemon);
            if (!kind.equals("password") && !kind.equals("url")) {
                daemon.server.authentication().addToken(SECRET);
                daemon.awaitRules("default/web -> 10.244.0.1:80");
                shown.addAll(pages(daemon));
            }
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            shown.addAll(daemon.log());
            daemon.server.store().types().all().stream()
                    .filter(type -> type.plural().equals("events"))
                    .flatMap(type -> daemon.server.store().image().objects(type).stream())
                    .forEach(event -> shown.add(event.toJson().toString()));
            assertThat(shown)
                    .hasSizeGreaterThan(PAGES.size())
                    .noneMatch(text -> text.contains(SECRET) || text.contains(PAIR));
        }
    }

    /** Some servers, and what stands before them, say which credential they do not like. */
    @ParameterizedTest
    @ValueSource(strings = {"token", "tokenFile", "password"})
    void aServerThatRepeatsTheCredentialIsNotQuoted(String kind) throws Exception {
        try (var daemon = DaemonUnderTest.with("secret", ApiServer.builder())) {
            var echo = daemon.namespace.call(() -> HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0));
            try {
                echo.createContext("/", SecretsTest::repeat);
                echo.start();
                var url = "http://127.0.0.1:" + echo.getAddress().getPort();
                var text = kubeconfig(daemon.server, kind)
                        .replace(daemon.server.url().toString(), url);
                daemon.start(Files.writeString(folder.resolve("kubeconfig"), text), "-v=9", "--profiling");
                daemon.awaitLog("I do not know", 3);
                var shown = pages(daemon);
                shown.addAll(daemon.log());
                assertThat(shown).noneMatch(line -> line.contains(SECRET) || line.contains(PAIR));
            } finally {
                echo.stop(0);
            }
        }
    }

    private static void repeat(HttpExchange exchange) throws IOException {
        var sent = exchange.getRequestHeaders().getFirst("Authorization");
        var words = sent.startsWith("Basic ")
                ? sent + " " + new String(Base64.getDecoder().decode(sent.substring(6)), UTF_8)
                : sent;
        var body = "{\"kind\":\"Status\",\"code\":401,\"message\":\"I do not know " + words + "\"}";
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(401, body.length());
        exchange.getResponseBody().write(body.getBytes(UTF_8));
        exchange.close();
    }

    /** The key of a client certificate that the server does not believe. */
    @Test
    void aClientKeyIsNeverShown() throws Exception {
        try (var daemon =
                DaemonUnderTest.with("secret", ApiServer.builder().tls().clientCertificates())) {
            var stranger = CertificateAuthority.create("stranger").issueClient("admin", List.of());
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig(stranger));
            daemon.start(kubeconfig, "-v=9", "--profiling");
            daemon.awaitLog("cannot watch the API", 3);
            var shown = pages(daemon);
            shown.addAll(daemon.log());
            var piece = stranger.keyPem().lines().skip(3).findFirst().orElseThrow();
            assertThat(shown).noneMatch(text -> text.contains(piece) || text.contains("PRIVATE KEY"));
        }
    }

    /** A file that is no kubeconfig, a plugin that fails after it has said too much: the error does not quote them. */
    @Test
    void errorsDoNotQuoteWhatTheyCouldNotRead() throws Exception {
        try (var daemon =
                DaemonUnderTest.with("secret", ApiServer.builder().tls().tokens(SECRET))) {
            var broken = List.of(
                    "users: [{name: x, user: {token: " + SECRET + "}}\n\t: {",
                    kubeconfig(daemon.server, "exec").replace("plugin", "failing"),
                    "current-context: x\ncontexts: [{name: x, context: {cluster: x}}]\nclusters: [{name: x, cluster:"
                            + " {server: 'https://admin:" + SECRET + "@h ost'}}]\n");
            plugin("failing", "echo '" + SECRET + "'; echo '" + SECRET + "' >&2; exit 3");
            for (var text : broken) {
                var file = Files.writeString(folder.resolve("kubeconfig"), text);
                var process = daemon.start(file, "-v=9");
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
            }
            assertThat(daemon.log()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
        }
    }

    private static Process start(DaemonUnderTest daemon, Path kubeconfig, String kind) throws Exception {
        var url = daemon.server.url().toString().replace("https://", "https://admin:" + SECRET + "@");
        return kind.equals("url")
                ? daemon.start(kubeconfig, "-v=9", "--profiling", "--master=" + url)
                : daemon.start(kubeconfig, "-v=9", "--profiling");
    }

    private String kubeconfig(ApiServer server, String kind) throws Exception {
        var text = server.kubeconfig("a-token");
        var user =
                switch (kind) {
                    case "token" -> "\"token\" : \"" + SECRET + "\"";
                    case "tokenFile" ->
                        "\"tokenFile\" : \"" + Files.writeString(folder.resolve("token"), SECRET) + "\"";
                    case "password" -> "\"username\" : \"admin\", \"password\" : \"" + SECRET + "\"";
                    case "exec" ->
                        "\"exec\" : {\"apiVersion\": \"client.authentication.k8s.io/v1\", \"command\" : \""
                                + plugin("plugin", "echo '{\"status\": {\"token\": \"" + SECRET + "\"}}'") + "\"}";
                    default -> "\"token\" : \"wrong\"";
                };
        return text.replaceFirst("\"token\" : \"a-token\"", java.util.regex.Matcher.quoteReplacement(user));
    }

    private Path plugin(String name, String script) throws Exception {
        var file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static List<String> pages(DaemonUnderTest daemon) throws Exception {
        var bodies = new ArrayList<String>();
        for (var page : PAGES) {
            bodies.add(daemon.get(10249, page).body());
        }
        bodies.add(daemon.get(10256, "/healthz").body());
        return bodies;
    }
}
