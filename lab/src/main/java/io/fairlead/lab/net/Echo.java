package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Protocol;
import java.util.List;

/**
 * A server inside a namespace that tells its client its own name and the client's address and port as it sees them. It
 * answers on the addresses it was given, each with a socket of its own, so that every answer leaves from the address that
 * was asked.
 */
public sealed interface Echo extends AutoCloseable permits TcpEcho, UdpEcho, SctpEcho {

    /**
     * Starts a server; it ends with its namespace, or when closed.
     *
     * @param name what it calls itself; no blanks
     * @param addresses of the namespace, either family
     * @throws java.io.UncheckedIOException when an address or port cannot be had
     */
    static Echo start(Protocol protocol, NetworkNamespace namespace, String name, List<IpAddress> addresses, int port) {
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be a server's name (no blanks, not empty)");
        }
        return switch (protocol) {
            case TCP -> TcpEcho.listen(namespace, name, addresses, port);
            case UDP -> UdpEcho.listen(namespace, name, addresses, port);
            case SCTP -> SctpEcho.listen(namespace, name, addresses, port);
        };
    }

    String name();

    int port();

    /** Stops answering; open TCP connections are reset. */
    @Override
    void close();
}
