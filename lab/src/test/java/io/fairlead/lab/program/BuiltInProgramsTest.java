package io.fairlead.lab.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.dns.DnsZone;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.Probe;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the lab's pods, with real sockets. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuiltInProgramsTest {

    private final Topology net = Topology.builder().node(0).build();
    private LabPod pod;
    private LabPod client;
    private int number = 2;

    @TempDir
    Path folder;

    private ContainerLog log;

    @BeforeEach
    void newPod() throws IOException {
        pod = net.node("node1").addPod("server", number++);
        client = net.node("node1").addPod("client", number++);
        log = ContainerLog.create(folder.resolve("0.log"));
    }

    @AfterEach
    void removePods() {
        log.close();
        pod.close();
        client.close();
    }

    private Container container(ContainerPort... ports) {
        return new Container(
                new NamespacedName("default", "server"),
                "node1",
                pod.namespace(),
                pod.addresses(),
                List.of(ports),
                List.of(),
                Map.of(),
                log);
    }

    private Socket connect(IpFamily family, int port) throws IOException {
        var channel = client.namespace().call(() -> SocketChannel.open());
        var socket = channel.socket();
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(pod.address(family).toInetAddress(), port), 10_000);
        return socket;
    }

    private String get(String path, int port) throws IOException {
        try (var socket = connect(IpFamily.IPV4, port)) {
            return get(socket, path, "close");
        }
    }

    private static String get(Socket socket, String path, String connection) throws IOException {
        var request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: " + connection + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        if (connection.equals("close")) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        var buffer = new byte[4096];
        return new String(buffer, 0, socket.getInputStream().read(buffer), StandardCharsets.UTF_8);
    }

    @Test
    void theWebServerShowsNginxsTitleAndWritesALog() throws Exception {
        var program = new WebServer().start(container());
        assertThat(get("/", 80)).startsWith("HTTP/1.1 200 OK\r\n").contains("<title>Welcome to nginx!</title>");
        assertThat(get("/nothing", 80)).startsWith("HTTP/1.1 404");
        program.kill();
        assertThat(Files.readString(folder.resolve("0.log")))
                .contains(client.address(IpFamily.IPV4) + " - - [")
                .contains("\"GET / HTTP/1.1\" 200")
                .contains("\"GET /nothing HTTP/1.1\" 404");
    }

    @Test
    void theEchoServerAnswersOnEveryPortItDeclares() throws Exception {
        var program = new EchoServer()
                .start(container(
                        new ContainerPort("a", 7001, Protocol.TCP),
                        new ContainerPort("b", 7001, Protocol.UDP),
                        new ContainerPort("c", 7001, Protocol.SCTP)));
        for (var family : IpFamily.values()) {
            for (var protocol : Protocol.values()) {
                assertThat(Probe.from(client).withSourcePort(5555).send(protocol, pod.address(family), 7001))
                        .as("%s %s", protocol, family)
                        .isEqualTo(new ProbeResult.Answer("server", client.address(family), 5555));
            }
        }
        assertThat(get("/", 7001)).contains("server " + client.address(IpFamily.IPV4) + " ");
        program.kill();
        assertThat(Probe.from(client).tcp(pod.address(IpFamily.IPV4), 7001)).isInstanceOf(ProbeResult.Refused.class);
        assertThat(Probe.from(client).udp(pod.address(IpFamily.IPV4), 7001)).isInstanceOf(ProbeResult.Refused.class);
    }

    @Test
    void whoIsAskedToEndStillServesForAWhileAndCutsNobodyOff() throws Exception {
        var program = new EchoServer().start(container());
        try (var open = connect(IpFamily.IPV6, 8080)) {
            get(open, "/", "keep-alive");
            program.terminate();
            assertThat(Probe.from(client).tcp(pod.address(IpFamily.IPV4), 8080))
                    .as("a node that has not heard of it")
                    .isInstanceOf(ProbeResult.Answer.class);
            assertThat(program.exit()).isNotDone();
            assertThat(get(open, "/", "keep-alive")).as("the last answer").contains("Connection: close");
            assertThat(open.getInputStream().read()).as("end").isEqualTo(-1);
        }
        assertThat(program.exit().get(20, TimeUnit.SECONDS)).isEqualTo(143);
        assertThat(Probe.from(client).tcp(pod.address(IpFamily.IPV4), 8080)).isInstanceOf(ProbeResult.Refused.class);
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingStaysOpen() throws Exception {
        var first = new WebServer().start(container());
        assertThatThrownBy(() -> new EchoServer()
                        .start(container(
                                new ContainerPort("", 7001, Protocol.TCP), new ContainerPort("", 80, Protocol.TCP))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port 80/TCP");
        assertThat(Probe.from(client).tcp(pod.address(IpFamily.IPV4), 7001)).isInstanceOf(ProbeResult.Refused.class);
        first.kill();
    }

    @Test
    void dnsAnswersOverUdpAndTcpAndHasItsMetrics() throws Exception {
        var program = new DnsServer(new DnsZone(ObjectStore.create(), "cluster.local")).start(container());
        try (var socket = connect(IpFamily.IPV6, 53)) {
            // dns-version.cluster.local TXT
            var query = new ByteArrayOutputStream();
            query.writeBytes(new byte[] {0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            for (var label : List.of("dns-version", "cluster", "local")) {
                query.write(label.length());
                query.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            query.writeBytes(new byte[] {0, 0, 16, 0, 1});
            socket.getOutputStream().write(new byte[] {0, (byte) query.size()});
            socket.getOutputStream().write(query.toByteArray());
            var in = new DataInputStream(socket.getInputStream());
            var answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).endsWith("\u00051.1.0");
        }
        assertThat(get("/metrics", 9153)).contains("coredns_dns_requests_total{proto=\"tcp\"} 1");
        assertThat(get("/ready", 8181)).startsWith("HTTP/1.1 200");
        program.kill();
    }

    @AfterAll
    void removeNodes() {
        net.close();
    }
}
