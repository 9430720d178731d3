package io.fairlead.proxy.health;

import io.fairlead.proxy.http.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers load balancers' health checks on one port: every request gets the same answer and ends its connection. There may
 * be thousands of these on a node, so each is one virtual thread and one socket, where the JDK's HTTP server would take
 * three threads of the system.
 */
final class CheckSocket implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CheckSocket.class);
    private static final int REQUEST_BYTES = 16 * 1024;
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int CONNECTIONS = 1024;

    /** What a health check sends fits; only longer requests get more room. */
    private static final int USUAL_BYTES = 1024;

    private static final Answer BAD_REQUEST = Answer.text(400, "400 Bad Request");

    private final ServerSocketChannel server;
    private final Function<InetAddress, Optional<Answer>> answers;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final Thread acceptor;

    private CheckSocket(ServerSocketChannel server, Function<InetAddress, Optional<Answer>> answers) {
        this.server = server;
        this.answers = answers;
        acceptor = Thread.ofVirtual().name("check").unstarted(this::accept);
    }

    /**
     * Listens.
     *
     * @param family INET for IPv4 only; INET6 with the unspecified address gets connections of both families
     * @param answers by the address a client has called; empty drops the connection
     */
    static CheckSocket open(
            ProtocolFamily family, InetSocketAddress address, Function<InetAddress, Optional<Answer>> answers)
            throws IOException {
        var server = ServerSocketChannel.open(family);
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, CONNECTIONS);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var socket = new CheckSocket(server, answers);
        socket.acceptor.start();
        return socket;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                serve(server.accept());
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                log.atWarn().addKeyValue("err", e).log("Could not accept a health check connection");
                if (!pause()) {
                    return;
                }
            }
        }
    }

    /** Out of descriptors, most likely: others may give some back. */
    private static boolean pause() {
        try {
            Thread.sleep(100);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void serve(SocketChannel connection) throws IOException {
        if (connections.size() >= CONNECTIONS) {
            connection.close();
            return;
        }
        connections.add(connection);
        Thread.ofVirtual().name("check").start(() -> {
            try (connection) {
                converse(connection.socket());
            } catch (IOException e) {
                log.atTrace().addKeyValue("err", e).log("A health check connection broke off");
            } finally {
                connections.remove(connection);
            }
        });
    }

    private void converse(Socket socket) throws IOException {
        var called = socket.getLocalAddress();
        if (answers.apply(called).isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        var method = request(socket, deadline);
        // As things are now, not as they were when a slow client connected.
        var answer = answers.apply(called);
        if (answer.isEmpty()) {
            return;
        }
        write(socket.getOutputStream(), method.isEmpty() ? BAD_REQUEST : answer.get(), method.equals("HEAD"));
        socket.shutdownOutput();
        // What the client still sends must not meet a closed socket: the reset would take the answer with it.
        var rest = new byte[USUAL_BYTES];
        for (int read = 0; read < REQUEST_BYTES; ) {
            int count = read(socket, rest, 0, deadline);
            if (count < 0) {
                return;
            }
            read += count;
        }
    }

    /** Reads up to the end of the headers; returns the method, empty when this is not HTTP/1. */
    private static String request(Socket socket, long deadline) throws IOException {
        var bytes = new byte[USUAL_BYTES];
        int length = 0;
        while (length < REQUEST_BYTES) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            int count = read(socket, bytes, length, deadline);
            if (count < 0) {
                throw new IOException("the client closed before its request was complete");
            }
            length += count;
            var text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            if (text.contains("\r\n\r\n") || text.contains("\n\n")) {
                var line = text.lines().findFirst().orElse("");
                return line.matches("[!-~]+ [!-~]+ HTTP/1\\.[01]") ? line.substring(0, line.indexOf(' ')) : "";
            }
        }
        return "";
    }

    private static int read(Socket socket, byte[] into, int from, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new IOException("the client took too long");
        }
        socket.setSoTimeout((int) left);
        return socket.getInputStream().read(into, from, into.length - from);
    }

    private static void write(OutputStream out, Answer answer, boolean headersOnly) throws IOException {
        var head = new StringBuilder("HTTP/1.1 ")
                .append(answer.status())
                .append(' ')
                .append(reason(answer.status()));
        answer.headers()
                .forEach((name, value) ->
                        head.append("\r\n").append(name).append(": ").append(value));
        int length = answer.body().getBytes(StandardCharsets.UTF_8).length;
        head.append("\r\nContent-Length: ").append(length).append("\r\nConnection: close\r\n\r\n");
        out.write(head.append(headersOnly ? "" : answer.body()).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 503 -> "Service Unavailable";
            default -> "Bad Request";
        };
    }

    /**
     * At once; connections are dropped. The port is free afterwards: the kernel gives it back when nobody waits in accept any
     * more, and another Service may be about to take it.
     */
    @Override
    public void close() {
        closeQuietly(server);
        connections.forEach(CheckSocket::closeQuietly);
        try {
            acceptor.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.atDebug().addKeyValue("err", e).log("Could not close a health check socket");
        }
    }
}
