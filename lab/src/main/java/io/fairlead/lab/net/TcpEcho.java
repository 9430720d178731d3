package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers whatever it receives, for as long as the connection lasts. */
final class TcpEcho implements Echo {

    private static final int BACKLOG = 1024;

    private final NetworkNamespace namespace;
    private final String name;
    private final int port;
    private final List<ServerSocketChannel> listeners;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    private TcpEcho(NetworkNamespace namespace, String name, int port, List<ServerSocketChannel> listeners) {
        this.namespace = namespace;
        this.name = name;
        this.port = port;
        this.listeners = listeners;
    }

    static TcpEcho listen(NetworkNamespace namespace, String name, List<IpAddress> addresses, int port) {
        var listeners = Sockets.open(
                namespace,
                addresses,
                address -> ServerSocketChannel.open(Sockets.family(address))
                        .bind(Sockets.endpoint(address, port), BACKLOG));
        var echo = new TcpEcho(namespace, name, port, listeners);
        namespace.closeWith(echo);
        listeners.forEach(listener -> Thread.ofVirtual().name(name + "-tcp").start(() -> echo.accept(listener)));
        return echo;
    }

    private void accept(ServerSocketChannel listener) {
        try {
            while (true) {
                var connection = listener.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> answer(connection));
            }
        } catch (IOException e) {
            // Closed: the end of this thread.
        }
    }

    private void answer(SocketChannel connection) {
        try (connection) {
            byte[] answer = EchoText.of(name, (InetSocketAddress) connection.getRemoteAddress());
            var buffer = ByteBuffer.allocate(512);
            while (connection.read(buffer) > 0) {
                connection.write(ByteBuffer.wrap(answer));
                buffer.clear();
            }
        } catch (IOException e) {
            // The client went away, or the server was closed: the end of this connection.
        } finally {
            connections.remove(connection);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        namespace.forget(this);
        Sockets.closeAll(listeners);
        for (var connection : connections) {
            try (connection) {
                connection.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // It ended by itself in the meantime.
            }
        }
    }
}
