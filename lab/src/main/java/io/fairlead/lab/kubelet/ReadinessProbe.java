package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.lab.program.ContainerPort;
import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a container whether it wants to be sent traffic: an HTTP GET that is answered with 200–399, or a TCP connection.
 *
 * @param path empty for a TCP connection only
 * @param failures how many in a row make it not ready, as {@code successes} make it ready
 */
record ReadinessProbe(
        Optional<String> path,
        int port,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successes,
        int failures) {

    /** @return empty when the spec has none, or one of a kind that is not supported here */
    static Optional<ReadinessProbe> of(JsonNode probe, List<ContainerPort> ports) {
        var http = probe.path("httpGet");
        var action = http.isMissingNode() ? probe.path("tcpSocket") : http;
        return port(action.path("port"), ports)
                .map(port -> new ReadinessProbe(
                        http.isMissingNode()
                                ? Optional.empty()
                                : Optional.of(http.path("path").asText("/")),
                        port,
                        seconds(probe, "initialDelaySeconds", 0),
                        seconds(probe, "periodSeconds", 10),
                        seconds(probe, "timeoutSeconds", 1),
                        probe.path("successThreshold").asInt(1),
                        probe.path("failureThreshold").asInt(3)));
    }

    private static Duration seconds(JsonNode probe, String field, int otherwise) {
        return Duration.ofSeconds(probe.path(field).asInt(otherwise));
    }

    /** A number or the name of one of the container's ports. */
    private static Optional<Integer> port(JsonNode port, List<ContainerPort> ports) {
        if (port.isInt()) {
            return Optional.of(port.asInt());
        }
        return ports.stream()
                .filter(candidate -> candidate.name().equals(port.asText()))
                .map(ContainerPort::number)
                .findFirst();
    }

    /** @return empty if it says yes, else what went wrong */
    Optional<String> ask(NetworkNamespace from, IpAddress pod) {
        try (var channel = from.call(() -> SocketChannel.open())) {
            var socket = channel.socket();
            int patience = Math.toIntExact(timeout.toMillis());
            socket.setSoTimeout(patience);
            socket.connect(new InetSocketAddress(pod.toInetAddress(), port), patience);
            return path.isEmpty() ? Optional.empty() : get(socket, pod, path.get());
        } catch (IOException e) {
            return Optional.of(path.map(at -> "Get \"http://" + pod.withPort(port) + at + "\": ")
                            .orElse("dial tcp " + pod.withPort(port) + ": ")
                    + e.getMessage());
        }
    }

    private Optional<String> get(Socket socket, IpAddress pod, String at) throws IOException {
        String request = "GET " + at + " HTTP/1.1\r\nHost: " + pod.withPort(port)
                + "\r\nUser-Agent: kube-probe/1.36\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String start = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        boolean good = start.matches("HTTP/1\\.\\d [23]\\d\\d");
        return good
                ? Optional.empty()
                : Optional.of("HTTP probe failed with statuscode: " + start.substring(Math.min(9, start.length())));
    }
}
