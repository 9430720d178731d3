package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;

/** Opening the sockets of a server, one per address: all or none. */
final class Sockets {

    @FunctionalInterface
    interface Opener<S> {
        S open(IpAddress address) throws IOException;
    }

    private Sockets() {}

    static <S extends AutoCloseable> List<S> open(
            NetworkNamespace namespace, List<IpAddress> addresses, Opener<S> opener) {
        var opened = new ArrayList<S>();
        try {
            return namespace.call(() -> {
                for (var address : addresses) {
                    opened.add(opener.open(address));
                }
                return List.copyOf(opened);
            });
        } catch (IOException e) {
            closeAll(opened);
            throw new UncheckedIOException("server on " + addresses + " in " + namespace + ": " + e.getMessage(), e);
        }
    }

    static void closeAll(List<? extends AutoCloseable> sockets) {
        for (var socket : sockets) {
            try {
                socket.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing " + socket + ": " + e.getMessage(), e);
            }
        }
    }

    static ProtocolFamily family(IpAddress address) {
        return address.family() == IpFamily.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    static InetSocketAddress endpoint(IpAddress address, int port) {
        return new InetSocketAddress(address.toInetAddress(), port);
    }
}
