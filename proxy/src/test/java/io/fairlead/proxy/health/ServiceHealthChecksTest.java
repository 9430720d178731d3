package io.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sections 4.1 to 4.3 over real sockets. */
@Timeout(60)
class ServiceHealthChecksTest {

    private static final NamespacedName WEB = new NamespacedName("default", "web");
    private static final String V4 = "127.0.0.1";
    private static final String V6 = "::1";

    private final List<String> failures = new ArrayList<>();
    private final ServiceHealthChecks checks = new ServiceHealthChecks(
            _ -> CheckAddresses.ALL, () -> true, (service, port, _) -> failures.add(service + ":" + port));

    @AfterEach
    void close() {
        checks.close();
    }

    @Test
    void bothFamiliesOfAServiceShareAPortAndKeepTheirCounts() throws Exception {
        int port = freePort();
        checks.services(IpFamily.IPV4, Map.of(WEB, port));
        checks.endpoints(IpFamily.IPV4, Map.of(WEB, 2));
        checks.services(IpFamily.IPV6, Map.of(WEB, port));
        assertThat(failures).isEmpty();
        assertThat(ask(V4, port, "GET / HTTP/1.1\r\n\r\n")).contains("200 OK", "X-Load-Balancing-Endpoint-Weight: 2");
        assertThat(ask(V6, port, "GET / HTTP/1.1\r\n\r\n")).contains("503 ", "X-Load-Balancing-Endpoint-Weight: 0");
        checks.services(IpFamily.IPV4, Map.of());
        assertThat(ask(V4, port, "GET / HTTP/1.1\r\n\r\n"))
                .as("no IPv4 check any more")
                .isEmpty();
        assertThat(ask(V6, port, "GET / HTTP/1.1\r\n\r\n")).contains("503 ");
    }

    @Test
    void everyPathAndMethodGetsTheSameAnswer() throws Exception {
        int port = freePort();
        checks.services(IpFamily.IPV4, Map.of(WEB, port));
        var answer = ask(V4, port, "GET / HTTP/1.1\r\n\r\n");
        assertThat(answer)
                .endsWith("{\n\t\"service\": {\n\t\t\"namespace\": \"default\",\n\t\t\"name\": \"web\"\n\t},\n"
                        + "\t\"localEndpoints\": 0,\n\t\"serviceProxyHealthy\": true\n}");
        assertThat(ask(V4, port, "POST /x?y HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"))
                .isEqualTo(answer);
        assertThat(ask(V4, port, "HEAD / HTTP/1.1\r\n\r\n")).endsWith("Connection: close\r\n\r\n");
        assertThat(ask(V4, port, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aPortThatIsTakenIsReportedAndTriedAgainAtTheNextSync() throws Exception {
        try (var holder = new ServerSocket(0)) {
            int port = holder.getLocalPort();
            checks.services(IpFamily.IPV4, Map.of(WEB, port));
            checks.services(IpFamily.IPV4, Map.of(WEB, port));
            assertThat(failures).containsExactly("default/web:" + port, "default/web:" + port);
            assertThat(checks.listening(IpFamily.IPV4)).isEmpty();
            holder.close();
            checks.services(IpFamily.IPV4, Map.of(WEB, port));
            assertThat(failures).hasSize(2);
            assertThat(ask(V4, port, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void anotherPortStartsWithoutEndpointsAndClosesTheOld() throws Exception {
        int first = freePort();
        int second = freePort();
        checks.services(IpFamily.IPV4, Map.of(WEB, first));
        checks.endpoints(IpFamily.IPV4, Map.of(WEB, 1));
        checks.services(IpFamily.IPV4, Map.of(WEB, second));
        assertThat(ask(V4, second, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503");
        assertThat(ask(V4, first, "GET / HTTP/1.1\r\n\r\n")).isEmpty();
    }

    @Test
    void aServiceThatGoesAwayMeanwhileEndsTheConnectionWithoutAnAnswer() throws Exception {
        int port = freePort();
        checks.services(IpFamily.IPV4, Map.of(WEB, port));
        checks.endpoints(IpFamily.IPV4, Map.of(WEB, 1));
        try (var socket = halfARequest(port)) {
            checks.services(IpFamily.IPV4, Map.of());
            assertThat(restOf(socket)).isEmpty();
        }
    }

    @Test
    void anAnswerIsOfTheTimeOfItsRequestNotOfTheConnection() throws Exception {
        int port = freePort();
        checks.services(IpFamily.IPV4, Map.of(WEB, port));
        checks.endpoints(IpFamily.IPV4, Map.of(WEB, 1));
        try (var socket = halfARequest(port)) {
            checks.endpoints(IpFamily.IPV4, Map.of());
            assertThat(restOf(socket)).startsWith("HTTP/1.1 503 ");
        }
    }

    /** Served already: the check is asked for another, complete one afterwards. */
    private static Socket halfARequest(int port) throws IOException {
        var socket = new Socket(V4, port);
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(ask(V4, port, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        return socket;
    }

    /** What comes when the rest has been sent; a connection that was reset brings nothing. */
    private static String restOf(Socket socket) {
        try {
            socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither answered nor closed", e);
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void restrictedAddressesAreTheOnlyOnesThatAnswer() throws Exception {
        int port = freePort();
        try (var restricted = new ServiceHealthChecks(
                _ -> new CheckAddresses(false, Set.of(IpAddress.parse("127.0.0.2"))), () -> true, (_, _, _) -> {})) {
            restricted.services(IpFamily.IPV4, Map.of(WEB, port));
            assertThat(ask("127.0.0.2", port, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503");
            assertThat(ask(V4, port, "GET / HTTP/1.1\r\n\r\n")).isEmpty();
        }
    }

    @Test
    void clientsThatTrickleOrFloodAreCutOff() throws Exception {
        int port = freePort();
        checks.services(IpFamily.IPV4, Map.of(WEB, port));
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 100; i++) {
                var socket = new Socket(V4, port);
                socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
                slow.add(socket);
            }
            assertThat(ask(V4, port, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503");
            assertThat(ask(V4, port, "GET / HTTP/1.1\r\nX: " + "a".repeat(20_000)))
                    .startsWith("HTTP/1.1 400");
            for (var socket : slow) {
                socket.setSoTimeout(20_000);
                assertThat(socket.getInputStream().read()).isNegative();
            }
        } finally {
            for (var socket : slow) {
                socket.close();
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The answer; empty when there is none. */
    private static String ask(String host, int port, String request) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), 5_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
