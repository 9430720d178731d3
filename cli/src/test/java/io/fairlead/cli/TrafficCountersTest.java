package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams of known size through the rules of a running daemon, and what it says of them. */
@Tag("kernel")
class TrafficCountersTest {

    private static final String SERVICE = "10.96.0.10";
    private static final List<String> ENDPOINTS = List.of("10.244.0.1", "10.244.0.2", "10.244.0.3");
    private static final int FLOWS = 60;
    private static final int DATAGRAMS = 3;
    private static final int HEADERS = 28; // IPv4 and UDP
    private static final int ASKED = 100;
    private static final int ANSWERED = 50;

    @TempDir
    Path folder;

    private final NetworkNamespace namespace = NetworkNamespace.create("traf");
    private final List<DatagramSocket> servers = new ArrayList<>();

    @AfterEach
    void removeNamespace() {
        servers.forEach(DatagramSocket::close);
        namespace.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void flowsPacketsAndBytesOfEachEndpointAreCounted(String mode) throws Exception {
        namespace.sysctl(Map.of("net.netfilter.nf_conntrack_acct", "1"));
        var daemon = start(mode, 2);
        try {
            var sent = sendAll();
            var counters = counters();

            assertThat(counters.path("source").asText()).isEqualTo("conntrack");
            assertThat(counters.path("accounting").asBoolean()).isTrue();
            var counted = new TreeMap<String, Integer>();
            for (var each : counters.path("connections")) {
                counted.put(each.path("endpoint").asText().replace(":5353", ""), assertWhole(each));
            }
            assertThat(counted).hasSize(2);
            assertThat(sent).containsAllEntriesOf(counted);
            int others = assertWhole(counters.path("other"));
            assertThat(others + counted.values().stream().mapToInt(it -> it).sum())
                    .isEqualTo(FLOWS);

            var metrics = metrics();
            counted.forEach((endpoint, flows) -> assertThat(metrics)
                    .contains("fairlead_service_connections_total{endpoint=\"" + endpoint
                            + ":5353\",namespace=\"default\",port=\"dns\",protocol=\"udp\",service=\"dns\"} " + flows
                            + "\n"));
            assertThat(metrics)
                    .contains(
                            "fairlead_service_connections_total{endpoint=\"other\",namespace=\"\",port=\"\",protocol=\"\",service=\"\"} "
                                    + others + "\n",
                            "fairlead_service_bytes_total{direction=\"request\",endpoint=\"other\"");
            assertThat(metrics.lines().filter(line -> line.startsWith("fairlead_service_connections_total")))
                    .hasSize(3);
            assertThat(FairleadProcess.in(namespace).run("state", "--counters").stdout())
                    .contains("packets and bytes", "all other endpoints");
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "nftables")
    void withoutAccountingItSaysSoAndCountsConnections(String mode) throws Exception {
        namespace.sysctl(Map.of("net.netfilter.nf_conntrack_acct", "0"));
        var daemon = start(mode, 10);
        try {
            var sent = sendAll();
            var counters = counters();
            assertThat(counters.path("accounting").asBoolean()).isFalse();
            for (var each : counters.path("connections")) {
                var endpoint = each.path("endpoint").asText().replace(":5353", "");
                assertThat(each.path("connections").asInt()).isEqualTo(sent.get(endpoint));
                assertThat(each.path("bytes").asInt()).isZero();
            }
            assertThat(metrics()).doesNotContain("fairlead_service_bytes_total{");
            assertThat(FairleadProcess.in(namespace).run("state", "--counters").stdout())
                    .contains("net.netfilter.nf_conntrack_acct is 0", "sysctl -w net.netfilter.nf_conntrack_acct=1");
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    /** All that one endpoint's flows should have carried, no more and no less. */
    private static int assertWhole(JsonNode numbers) {
        int flows = numbers.path("connections").asInt();
        int datagrams = flows * DATAGRAMS;
        assertThat(numbers.path("packets").asInt()).isEqualTo(datagrams);
        assertThat(numbers.path("bytes").asInt()).isEqualTo(datagrams * (HEADERS + ASKED));
        assertThat(numbers.path("replyPackets").asInt()).isEqualTo(datagrams);
        assertThat(numbers.path("replyBytes").asInt()).isEqualTo(datagrams * (HEADERS + ANSWERED));
        return flows;
    }

    /** With three endpoints on addresses of the same machine, which it reaches over loopback. */
    private Process start(String mode, int limit) throws Exception {
        for (var endpoint : ENDPOINTS) {
            namespace.exec("ip", "address", "add", endpoint + "/32", "dev", "lo");
            serve(endpoint);
        }
        namespace.exec("ip", "route", "add", "10.96.0.0/24", "dev", "lo");
        var manifest = Files.writeString(folder.resolve("cluster.yaml"), """
                apiVersion: v1
                kind: Service
                metadata: {namespace: default, name: dns}
                spec:
                  clusterIP: 10.96.0.10
                  clusterIPs: [10.96.0.10]
                  ipFamilies: [IPv4]
                  ports: [{name: dns, protocol: UDP, port: 53}]
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {namespace: default, name: dns-1, labels: {kubernetes.io/service-name: dns}}
                addressType: IPv4
                ports: [{name: dns, protocol: UDP, port: 5353}]
                endpoints: [{addresses: [10.244.0.1]}, {addresses: [10.244.0.2]}, {addresses: [10.244.0.3]}]
                """);
        var machine = FairleadProcess.in(namespace);
        var daemon = machine.start(
                "proxy",
                "--proxy-mode=" + mode,
                "--manifests=" + manifest,
                "--hostname-override=k8s1",
                "--conntrack-max-per-core=0",
                "--service-counters=" + limit);
        for (int attempt = 0; attempt < 60; attempt++) {
            if (machine.run("state").stdout().contains("IPv4: 1 Services")) {
                return daemon;
            }
            Thread.sleep(500);
        }
        throw new AssertionError("the daemon does not answer: " + machine.run("state"));
    }

    private void serve(String endpoint) throws IOException {
        var server = namespace.call(() -> new DatagramSocket(new InetSocketAddress(endpoint, 5353)));
        servers.add(server);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    var packet = new DatagramPacket(new byte[ASKED], ASKED);
                    server.receive(packet);
                    var answer = new byte[ANSWERED];
                    System.arraycopy(server.getLocalAddress().getAddress(), 0, answer, 0, 4);
                    server.send(new DatagramPacket(answer, ANSWERED, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // Closed: the test is over.
            }
        });
    }

    /** @return how many flows each endpoint has answered */
    private Map<String, Integer> sendAll() throws Exception {
        var answered = new TreeMap<String, Integer>();
        for (int i = 0; i < FLOWS; i++) {
            try (var client = namespace.call(() -> new DatagramSocket())) {
                client.setSoTimeout(10_000);
                var by = "";
                for (int j = 0; j < DATAGRAMS; j++) {
                    client.send(new DatagramPacket(new byte[ASKED], ASKED, InetAddress.getByName(SERVICE), 53));
                    var answer = new DatagramPacket(new byte[ANSWERED], ANSWERED);
                    client.receive(answer);
                    by = InetAddress.getByAddress(Arrays.copyOf(answer.getData(), 4))
                            .getHostAddress();
                }
                answered.merge(by, 1, Integer::sum);
            }
        }
        return answered;
    }

    private JsonNode counters() throws Exception {
        var run = FairleadProcess.in(namespace).run("state", "--counters", "-o", "json");
        return new ObjectMapper().readTree(run.stdout());
    }

    private String metrics() throws IOException {
        try (var socket = namespace.call(() -> new Socket("127.0.0.1", 10249))) {
            socket.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
