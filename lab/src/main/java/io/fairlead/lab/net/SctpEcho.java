package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Answers the first packet of an SCTP association, by hand: not every kernel has SCTP sockets. While one runs, the kernel
 * of its namespace says nothing about other SCTP ports (without any it answers "protocol unreachable").
 */
final class SctpEcho implements Echo {

    private final NetworkNamespace namespace;
    private final String name;
    private final int port;
    private final List<RawSocket> sockets;
    private final List<Thread> threads = new ArrayList<>();

    private SctpEcho(NetworkNamespace namespace, String name, int port, List<RawSocket> sockets) {
        this.namespace = namespace;
        this.name = name;
        this.port = port;
        this.sockets = sockets;
    }

    static SctpEcho listen(NetworkNamespace namespace, String name, List<IpAddress> addresses, int port) {
        var sockets = Sockets.open(namespace, addresses, address -> RawSocket.bound(address, SctpPacket.PROTOCOL));
        var echo = new SctpEcho(namespace, name, port, sockets);
        namespace.closeWith(echo);
        // Platform threads, because they wait inside a system call that pins a virtual one.
        sockets.forEach(socket -> echo.threads.add(
                Thread.ofPlatform().daemon().name(name + "-sctp").start(() -> echo.answer(socket))));
        return echo;
    }

    private void answer(RawSocket socket) {
        while (true) {
            try {
                var packet = socket.receive();
                if (packet.isEmpty()) {
                    return;
                }
                answer(socket, packet.get());
            } catch (IOException e) {
                // This client, or the way back to it, is gone; the next one is still served.
            }
        }
    }

    private void answer(RawSocket socket, RawSocket.Packet packet) throws IOException {
        var parsed = SctpPacket.parse(packet.payload());
        if (parsed.isPresent()
                && parsed.get().chunk() == SctpPacket.INIT
                && parsed.get().destinationPort() == port) {
            var init = parsed.get();
            String text = EchoText.of(name, packet.source(), init.sourcePort());
            int tag = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
            socket.sendTo(packet.source(), init.ack(tag, text).toBytes());
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
        sockets.forEach(RawSocket::shutdown);
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // A descriptor that a thread still waits on is not closed: its number may be reused.
            }
        }
        Sockets.closeAll(sockets);
    }
}
