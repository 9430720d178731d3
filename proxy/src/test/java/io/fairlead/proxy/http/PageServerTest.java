package io.fairlead.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server among clients that do as they please. */
@Timeout(60)
@Order(1) // the JDK reads the limits when the first server of the process is made, and other tests make their own
class PageServerTest {

    private static final String LONG = "kubeproxy ".repeat(5_000);

    private final PageServer server = new PageServer(
            new PageServer.Purpose("test", "Test server failed"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            request -> switch (request.path()) {
                case "/long" -> Answer.text(200, LONG);
                case "/bug" -> throw new IllegalStateException("a bug");
                default -> Answer.text(200, request.method() + " " + request.path());
            });
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void open() throws Exception {
        server.open();
        port = server.listening().orElseThrow().getPort();
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    @Test
    void answersAnyMethodAndHeadWithoutABody() throws Exception {
        assertThat(send(request("/a").GET()).body()).isEqualTo("GET /a");
        assertThat(send(request("/a").DELETE()).body()).isEqualTo("DELETE /a");
        assertThat(send(request("/a").HEAD()).body()).isEmpty();
    }

    @Test
    void longAnswersAreCompressedForThoseWhoTakeIt() throws Exception {
        assertThat(send(request("/long").GET()).body()).isEqualTo(LONG);
        var response = client.send(
                request("/long").header("Accept-Encoding", "gzip").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(new String(new GZIPInputStream(response.body()).readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(LONG);
    }

    @Test
    void aPageThatFailsIsAnInternalErrorWithoutDetails() throws Exception {
        var response = send(request("/bug").GET());
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("a bug");
    }

    @Test
    void requestsThatTrickleInAreCutOffAndHurtNobody() throws Exception {
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 200; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                socket.getOutputStream().write("GET /a HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(send(request("/a").GET()).body()).isEqualTo("GET /a");
            for (var socket : slow) {
                socket.setSoTimeout(20_000);
                assertThat(readToEnd(socket)).isFalse();
            }
        } finally {
            for (var socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void oversizedHeadersAreRefused() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            try {
                out.write("GET /a HTTP/1.1\r\nHost: x\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 1_000; i++) {
                    out.write("a".repeat(1_000).getBytes(StandardCharsets.US_ASCII));
                }
                out.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                // Cut off while we write: as good.
                return;
            }
            assertThat(readToEnd(socket)).as("answered with 200").isFalse();
        }
        assertThat(send(request("/a").GET()).body()).isEqualTo("GET /a");
    }

    @Test
    void aThousandAtATimeAreAllAnswered() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 1_000; i++) {
                answers.add(executor.submit(() -> {
                    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.setSoTimeout(30_000);
                        socket.getOutputStream()
                                .write("GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                                .endsWith(LONG);
                    }
                }));
            }
            for (var answer : answers) {
                assertThat(answer.get(40, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void anAddressThatIsTakenIsFatalWhenAskedAndTriedAgainOtherwise() throws Exception {
        try (var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), holder.getLocalPort());
            var failure = new CompletableFuture<IOException>();
            try (var hard = new PageServer(new PageServer.Purpose("test", "failed"), address, _ -> Answer.NOT_FOUND);
                    var soft =
                            new PageServer(new PageServer.Purpose("test", "failed"), address, _ -> Answer.NOT_FOUND)) {
                hard.start(Optional.of(failure::complete));
                assertThat(failure.get(10, TimeUnit.SECONDS))
                        .hasMessageStartingWith(
                                "failed to start test on 127.0.0.1:" + holder.getLocalPort() + ": listen tcp");
                soft.start(Optional.empty());
                Thread.sleep(200);
                assertThat(soft.listening()).isEmpty();
                holder.close();
                for (int i = 0; i < 1_000 && soft.listening().isEmpty(); i++) {
                    Thread.sleep(10);
                }
                assertThat(soft.listening()).contains(address);
            }
        }
    }

    /** Whether what came before the end was a success. */
    private static boolean readToEnd(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
