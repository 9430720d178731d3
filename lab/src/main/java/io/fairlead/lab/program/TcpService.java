package io.fairlead.lab.program;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Listens on a TCP port of a namespace, both families, and holds a conversation with each client.
 *
 * <p>It ends the way a server behind a Service should: while {@link #drain draining} it still takes new connections, as
 * some nodes learn late that it is going, until none has come for a while; then it waits for those that last.
 */
final class TcpService {

    private static final int BACKLOG = 1024;
    private static final Duration STEP = Duration.ofMillis(20);

    /** What is said on a connection; returns to close it. */
    @FunctionalInterface
    interface Conversation {
        void hold(Connection connection) throws IOException;
    }

    /** A client's connection. */
    record Connection(Socket socket, TcpService service) {

        InetSocketAddress client() {
            return (InetSocketAddress) socket.getRemoteSocketAddress();
        }

        /** Whether the server would rather see the client go. */
        boolean isLast() {
            return service.draining;
        }
    }

    private final ServerSocketChannel listener;
    private final Conversation conversation;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastAccepted = new AtomicLong(System.nanoTime());
    private volatile boolean draining;

    private TcpService(ServerSocketChannel listener, Conversation conversation) {
        this.listener = listener;
        this.conversation = conversation;
    }

    /** @throws IOException when the port is taken */
    static TcpService listen(NetworkNamespace namespace, int port, Conversation conversation) throws IOException {
        var listener = namespace.call(() -> bind(port));
        var service = new TcpService(listener, conversation);
        Thread.ofVirtual().name("tcp-" + port).start(service::accept);
        return service;
    }

    private static ServerSocketChannel bind(int port) throws IOException {
        var listener = ServerSocketChannel.open();
        try {
            return listener.bind(new InetSocketAddress(port), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException("port " + port + "/TCP: " + e.getMessage(), e);
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept().socket();
                lastAccepted.set(System.nanoTime());
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the end of this thread.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            conversation.hold(new Connection(socket, this));
        } catch (IOException e) {
            // The client went away, or the server was closed: the end of this connection.
        } finally {
            connections.remove(socket);
        }
    }

    /**
     * Returns when everything is closed and no client was cut off.
     *
     * @param quiet how long no new connection must have come
     */
    void drain(Duration quiet) throws InterruptedException {
        draining = true;
        while (System.nanoTime() - lastAccepted.get() < quiet.toNanos()) {
            Thread.sleep(STEP);
        }
        closeListener();
        while (!connections.isEmpty()) {
            Thread.sleep(STEP);
        }
    }

    /** Resets what is open. */
    void close() {
        closeListener();
        for (var socket : connections) {
            try (socket) {
                socket.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // It ended by itself in the meantime.
            }
        }
    }

    private void closeListener() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing " + listener, e);
        }
    }
}
