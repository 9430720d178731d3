package io.fairlead.lab.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's nginx in a pod. */
@Tag("kernel")
class NginxTest {

    private final Topology net = Topology.builder().node(0).build();

    @TempDir
    Path folder;

    private LabPod pod;
    private LabPod client;
    private ContainerLog log;
    private Program nginx;

    @BeforeEach
    void start() throws IOException {
        pod = net.node("node1").addPod("server", 2);
        client = net.node("node1").addPod("client", 3);
        log = ContainerLog.create(folder.resolve("0.log"));
        var image = Nginx.find(folder);
        assumeTrue(image.isPresent(), "no nginx is installed on this machine");
        nginx = image.orElseThrow()
                .start(new Container(
                        new NamespacedName("default", "server"),
                        "node1",
                        pod.namespace(),
                        pod.addresses(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        log));
    }

    @AfterEach
    void end() {
        if (nginx != null) {
            nginx.kill();
        }
        log.close();
        net.close();
    }

    /** Asks until somebody listens. */
    private String get(String path, IpFamily family) throws Exception {
        while (true) {
            try (var channel = client.namespace().call(() -> SocketChannel.open())) {
                var socket = channel.socket();
                socket.setSoTimeout(60_000);
                socket.connect(new InetSocketAddress(pod.address(family).toInetAddress(), 80), 60_000);
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (ConnectException e) {
                assertThat(nginx.exit())
                        .as(Files.readString(folder.resolve("0.log")))
                        .isNotDone();
                Thread.sleep(50);
            }
        }
    }

    private String processes() {
        return pod.namespace().exec("ip", "netns", "pids", pod.namespace().name());
    }

    private void awaitLog(String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.readString(folder.resolve("0.log")).contains(text)) {
            assertThat(System.nanoTime()).as("the log has " + text).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void itShowsItsWelcomePageInBothFamiliesAndLogsWhoAsked() throws Exception {
        for (var family : IpFamily.values()) {
            assertThat(get("/", family))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Server: nginx/", "Content-Type: text/html", "<title>Welcome to nginx!</title>");
            awaitLog(client.address(family) + " - - [");
        }
        assertThat(get("/nothing", IpFamily.IPV4)).startsWith("HTTP/1.1 404");
        awaitLog("\"GET /nothing HTTP/1.1\" 404");
        assertThat(Files.readString(folder.resolve("0.log"))).contains("start worker process");
    }

    @Test
    void askedToEndItEndsWithItsWorkersAndLeavesNoFiles() throws Exception {
        get("/", IpFamily.IPV4);
        nginx.terminate();
        assertThat(nginx.exit().get(60, TimeUnit.SECONDS)).isZero();
        theRestIsGone();
    }

    @Test
    void killedItsWorkersDieWithIt() throws Exception {
        get("/", IpFamily.IPV4);
        nginx.kill();
        theRestIsGone();
    }

    private void theRestIsGone() throws IOException {
        // The question itself is asked by a process in there.
        assertThat(processes().lines()).hasSize(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("0.log"));
        }
    }
}
