package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.apiserver.ApiServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon's own ports among clients that do as they please, while its rules change all the time: whoever asks properly is
 * answered, whole, from a heap that has little room, and afterwards nothing is left of any of them.
 */
@Tag("kernel")
class ScrapesTest {

    private static final int METRICS = 10249;
    private static final int HEALTH = 10256;
    private static final int HEAP_MEGABYTES = 96;
    private static final int SCRAPES = 1_000;
    private static final int DAWDLERS = 300;
    private static final int CLIENT_PATIENCE = 120_000; // ms, on a machine that does much else

    @TempDir
    Path folder;

    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private DaemonUnderTest daemon;
    private Process process;
    private Thread churn;

    @BeforeEach
    void start() throws Exception {
        daemon = DaemonUnderTest.with("scrapes", ApiServer.builder().tls().tokens("a-token"));
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig("a-token"));
        process = daemon.start(FairleadProcess.in(daemon.namespace).withHeap(HEAP_MEGABYTES), kubeconfig);
        daemon.awaitRules("default/web -> 10.244.0.1:80");
        daemon.await(() -> daemon.healthz() == 200, "not healthy");
        churn = Thread.ofVirtual().start(this::changeServices);
    }

    @AfterEach
    void stop() throws Exception {
        done.set(true);
        churn.join();
        for (var socket : sockets) {
            socket.close();
        }
        daemon.close();
    }

    /** So that there is always something to write and to count. */
    private void changeServices() {
        try {
            for (int i = 0; !done.get(); i++) {
                daemon.putService("churn", "10.96.1." + (1 + i % 250), "10.244.1." + (1 + i % 250));
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyScrapeOfAThousandIsAnsweredWholeAmongThoseWhoDawdle() throws Exception {
        int threads = threads();
        int descriptors = descriptors();
        var dawdlers = new ArrayList<Socket>();
        for (int i = 0; i < DAWDLERS; i++) {
            dawdlers.add(open(METRICS, "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            dawdlers.add(open(HEALTH, "GET /heal"));
        }
        var oversized = open(METRICS, "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(60_000));
        assertThat(daemon.healthz()).isEqualTo(200);

        var scrapers = new ArrayList<Socket>();
        for (int i = 0; i < SCRAPES; i++) {
            scrapers.add(open(METRICS, ""));
        }
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var scrapes = new ArrayList<Future<String>>();
            for (var scraper : scrapers) {
                scrapes.add(executor.submit(() -> {
                    scraper.getOutputStream()
                            .write(bytes("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
                    return readToEnd(scraper);
                }));
            }
            assertThat(daemon.healthz()).isEqualTo(200);
            for (var scrape : scrapes) {
                assertWhole(scrape.get(CLIENT_PATIENCE, TimeUnit.MILLISECONDS));
            }
        }
        assertThat(readToEnd(oversized)).doesNotStartWith("HTTP/1.1 200");
        for (var dawdler : dawdlers) {
            trickle(dawdler);
        }
        assertThat(process.isAlive()).isTrue();
        assertThat(daemon.healthz()).isEqualTo(200);
        assertThat(daemon.log(line -> line.contains("OutOfMemory") || line.contains("A page failed")))
                .isEmpty();
        // The churn's own connections and programs come and go.
        daemon.await(() -> threads() <= threads + 30, "threads are left over");
        daemon.await(() -> descriptors() <= descriptors + 30, "descriptors are left over");
    }

    /** Goes on, a byte at a time, until it is cut off: that nothing more comes after the time of a request is the point. */
    private static void trickle(Socket socket) throws InterruptedException {
        try {
            while (true) {
                socket.getOutputStream().write('x');
                if (socket.getInputStream().available() > 0) {
                    assertThat(readToEnd(socket)).doesNotStartWith("HTTP/1.1 200");
                    return;
                }
                Thread.sleep(50);
            }
        } catch (IOException _) {
            // The server has closed it.
            return;
        }
    }

    private static void assertWhole(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
        var length = answer.substring(0, end).replaceAll("(?is).*content-length: (\\d+).*", "$1");
        assertThat(answer.substring(end + 4)).hasSize(Integer.parseInt(length)).endsWith("\n");
        assertThat(answer)
                .contains("\nkubeproxy_sync_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"} ")
                .contains("\nprocess_resident_memory_bytes ");
    }

    private Socket open(int port, String first) throws IOException {
        var socket = daemon.namespace.call(() -> new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        sockets.add(socket);
        socket.setSoTimeout(CLIENT_PATIENCE);
        socket.getOutputStream().write(bytes(first));
        return socket;
    }

    /** What has come before the end, however it ends. */
    private static String readToEnd(Socket socket) {
        var text = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        try {
            for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
                text.write(buffer, 0, count);
            }
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
        }
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private int threads() throws IOException {
        return count("task");
    }

    private int descriptors() throws IOException {
        return count("fd");
    }

    private int count(String what) throws IOException {
        try (var entries = Files.list(Path.of("/proc", Long.toString(process.pid()), what))) {
            return (int) entries.count();
        }
    }
}
