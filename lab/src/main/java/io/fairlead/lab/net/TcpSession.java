package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A client's TCP connection that can be asked more than once, for tests of connections that outlive a change. */
public final class TcpSession implements AutoCloseable {

    private static final int MAX_ANSWER = 512;

    private final Probe probe;
    private final InetSocketAddress destination;
    private final Socket socket;

    private TcpSession(Probe probe, InetSocketAddress destination, Socket socket) {
        this.probe = probe;
        this.destination = destination;
        this.socket = socket;
    }

    /** A socket in the probe's namespace, not connected yet. */
    static TcpSession open(Probe probe, IpAddress destination, int port) {
        try {
            var channel = probe.from().call(() -> SocketChannel.open(Sockets.family(destination)));
            // Closing resets the connection: no port of a client stays in TIME_WAIT, whatever the number of probes.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.socket().setSoTimeout(probe.timeoutMillis());
            return new TcpSession(probe, Sockets.endpoint(destination, port), channel.socket());
        } catch (IOException e) {
            throw new UncheckedIOException("TCP socket in " + probe.from() + ": " + e.getMessage(), e);
        }
    }

    /** @return empty when connected, else why not */
    public Optional<ProbeResult> connect() {
        try {
            var source = probe.source(destination);
            if (source.isPresent()) {
                socket.bind(source.get());
            }
            socket.connect(destination, probe.timeoutMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(SocketFailure.classify(e));
        }
    }

    /** Who is at the other end of the connection. */
    public ProbeResult ask() {
        try {
            socket.getOutputStream().write(EchoText.QUESTION);
            var answer = new byte[MAX_ANSWER];
            int length = socket.getInputStream().read(answer);
            return length > 0
                    ? EchoText.parse(answer, 0, length)
                    : new ProbeResult.Refused("connection closed without an answer");
        } catch (IOException e) {
            return SocketFailure.classify(e);
        }
    }

    /** Resets the connection. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a connection to " + destination + ": " + e.getMessage(), e);
        }
    }
}
