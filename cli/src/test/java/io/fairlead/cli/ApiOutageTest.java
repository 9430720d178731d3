package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.DaemonUnderTest.Answer;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon while its API server is away, forgets, or does not let it in any more: the rules stay, health stays good, it
 * recovers without a restart, and the log has one line for each thing that happened, not one for each attempt.
 */
@Tag("kernel")
class ApiOutageTest {

    private static final List<String> KINDS = List.of("Node", "Service", "EndpointSlice");
    private static final String LOST = "cannot watch the API";
    private static final String BACK = "watching the API again";
    private static final String ATTEMPT = ": still: ";

    /** More than enough for a watch to be taken for one that works, in ms. */
    private static final long STANDS = 5_000;

    @TempDir
    Path folder;

    @Test
    void aServerThatIsNotThereYetIsWaitedForWithoutRulesAndWithoutHealth() throws Exception {
        try (var daemon = DaemonUnderTest.with("down", ApiServer.builder().tls().tokens("a-token"))) {
            daemon.server.stop();
            daemon.start(kubeconfig(daemon.server.kubeconfig("a-token")), "-v=4");
            awaitAttempts(daemon);
            assertThat(daemon.rules()).doesNotContain("KUBE-SVC-");
            assertThat(daemon.get(10256, "/healthz"))
                    .satisfies(answer -> assertThat(answer.status()).isEqualTo(503))
                    .extracting(Answer::body)
                    .asString()
                    .contains("\"healthy\":false");
            assertThat(daemon.get(10256, "/livez").status()).isEqualTo(200);
            assertThat(daemon.get(10249, "/healthz")).isEqualTo(new Answer(200, "ok"));
            daemon.restartServer();
            daemon.awaitRules("default/web -> 10.244.0.1:80");
            daemon.await(() -> daemon.healthz() == 200, "not healthy");
            awaitBack(daemon);
            assertOneLineEach(daemon, LOST, "cannot connect");
            assertOneLineEach(daemon, BACK, "");
        }
    }

    @Test
    void aServerThatIsKilledAndReplacedLosesNothing() throws Exception {
        try (var daemon = running("killed", ApiServer.builder().tls().tokens("a-token"))) {
            var before = daemon.rules();
            daemon.server.stop();
            awaitAttempts(daemon);
            assertThat(daemon.rules()).isEqualTo(before);
            assertThat(daemon.healthz()).isEqualTo(200);
            daemon.replaceServer();
            daemon.putService("late", "10.96.0.12", "10.244.0.4");
            daemon.awaitRules("default/late -> 10.244.0.4:80");
            assertThat(daemon.rules()).contains("default/web -> 10.244.0.1:80");
            awaitBack(daemon);
            assertOneLineEach(daemon, LOST, "cannot connect");
            assertOneLineEach(daemon, BACK, "");
        }
    }

    @Test
    void aHistoryThatIsGoneIsOneLinePerKindAndNoLoss() throws Exception {
        try (var daemon = running("gone", ApiServer.builder().tls().tokens("a-token"))) {
            daemon.server.store().compact();
            daemon.server.watches().expire();
            daemon.awaitLog("the API server no longer has version", KINDS.size());
            daemon.putService("late", "10.96.0.12", "10.244.0.4");
            daemon.awaitRules("default/late -> 10.244.0.4:80");
            assertThat(daemon.rules()).contains("default/web -> 10.244.0.1:80");
            assertThat(daemon.healthz()).isEqualTo(200);
            assertOneLineEach(daemon, "no longer has version", "listing again");
            assertThat(daemon.log(line -> line.contains(LOST))).isEmpty();
        }
    }

    @Test
    void anExpiredTokenIsReadAgainFromItsFile() throws Exception {
        var token = Files.writeString(folder.resolve("token"), "first-token");
        try (var daemon =
                DaemonUnderTest.with("token", ApiServer.builder().tls().tokens("first-token"))) {
            var text = daemon.server
                    .kubeconfig("first-token")
                    .replaceFirst("\"token\" : \"first-token\"", "\"tokenFile\" : \"" + token + "\"");
            start(daemon, kubeconfig(text));
            daemon.server.authentication().revokeToken("first-token");
            refused(daemon);
            daemon.server.authentication().addToken("second-token");
            Files.writeString(token, "second-token");
            recovers(daemon);
        }
    }

    @Test
    void aRevokedClientCertificateIsReadAgainFromTheKubeconfig() throws Exception {
        try (var daemon =
                DaemonUnderTest.with("revoked", ApiServer.builder().tls().clientCertificates())) {
            var first = credential(daemon.server);
            var file = kubeconfig(daemon.server.kubeconfig(first));
            start(daemon, file);
            daemon.server.authentication().revoke(first.certificate());
            refused(daemon);
            Files.writeString(file, daemon.server.kubeconfig(credential(daemon.server)));
            recovers(daemon);
        }
    }

    private static Credential credential(ApiServer server) {
        return server.authority().orElseThrow().issueClient("system:kube-proxy", List.of());
    }

    /** Running watches were let in before; they end, and the next are not. */
    private static void refused(DaemonUnderTest daemon) throws Exception {
        var before = daemon.rules();
        daemon.server.watches().close();
        awaitAttempts(daemon);
        daemon.putService("late", "10.96.0.12", "10.244.0.4");
        assertThat(daemon.rules()).isEqualTo(before);
        assertThat(daemon.healthz()).isEqualTo(200);
        assertOneLineEach(daemon, LOST, "HTTP 401");
    }

    private static void recovers(DaemonUnderTest daemon) throws Exception {
        daemon.awaitRules("default/late -> 10.244.0.4:80");
        awaitBack(daemon);
        assertOneLineEach(daemon, LOST, "HTTP 401");
        assertOneLineEach(daemon, BACK, "");
    }

    private DaemonUnderTest running(String role, ApiServer.Builder builder) throws Exception {
        var daemon = DaemonUnderTest.with(role, builder);
        start(daemon, kubeconfig(daemon.server.kubeconfig("a-token")));
        return daemon;
    }

    private static void start(DaemonUnderTest daemon, Path kubeconfig) throws Exception {
        daemon.start(kubeconfig, "-v=4");
        daemon.awaitRules("default/web -> 10.244.0.1:80");
        daemon.await(() -> daemon.healthz() == 200, "not healthy");
        daemon.await(() -> daemon.server.watches().count() == KINDS.size(), "not all watches stand");
        // A watch counts as working once it has been quiet for a while: one that breaks before is reported.
        Thread.sleep(STANDS);
    }

    private Path kubeconfig(String text) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig"), text);
    }

    /** For each kind at least one more attempt than the one that is logged. */
    private static void awaitAttempts(DaemonUnderTest daemon) throws Exception {
        for (var kind : KINDS) {
            daemon.await(
                    () -> !daemon.log(line -> line.contains("\"" + kind + ATTEMPT))
                            .isEmpty(),
                    "no second attempt for " + kind);
        }
    }

    private static void awaitBack(DaemonUnderTest daemon) throws Exception {
        daemon.awaitLog(BACK, KINDS.size());
    }

    private static void assertOneLineEach(DaemonUnderTest daemon, String what, String why) {
        var lines = daemon.log(line -> line.contains(what));
        assertThat(lines).hasSize(KINDS.size()).allMatch(line -> line.contains(why));
        for (var kind : KINDS) {
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"" + kind + ":"))
                    .hasSize(1);
        }
    }
}
