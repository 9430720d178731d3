package io.fairlead.lab.program;

import io.fairlead.lab.dns.DnsQuery;
import io.fairlead.lab.dns.DnsZone;
import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Stands in for CoreDNS: the cluster's names on port 53, UDP and TCP, its metrics on port 9153 and its two checks on 8080
 * ({@code /health}) and 8181 ({@code /ready}).
 */
public final class DnsServer implements Image {

    private static final int PORT = 53;
    private static final int METRICS_PORT = 9153;
    private static final int HEALTH_PORT = 8080;
    private static final int READY_PORT = 8181;
    private static final int MAX_TCP_MESSAGE = 65_535;
    private static final int MAX_UDP_MESSAGE = 4096;
    private static final int PATIENCE_MILLIS = 10_000;

    private final DnsZone zone;

    public DnsServer(DnsZone zone) {
        this.zone = zone;
    }

    @Override
    public Program start(Container container) throws IOException {
        var counts = new Counts(new AtomicLong(), new AtomicLong());
        var inside = container.namespace();
        return BuiltIn.assemble(parts -> {
            openUdp(inside, container.addresses(), counts, parts);
            parts.add(TcpService.listen(inside, PORT, connection -> tcp(connection, counts)));
            parts.add(TcpService.listen(inside, METRICS_PORT, site("/metrics", counts::text)));
            parts.add(TcpService.listen(inside, HEALTH_PORT, site("/health", () -> "OK")));
            parts.add(TcpService.listen(inside, READY_PORT, site("/ready", () -> "OK")));
            container.log().println(".:53");
        });
    }

    /** A socket per address, so that an answer leaves from the address that was asked. */
    private void openUdp(NetworkNamespace inside, Addresses addresses, Counts counts, BuiltIn.Parts parts)
            throws IOException {
        for (var address : addresses.both()) {
            var channel = inside.call(() -> DatagramChannel.open(
                            address.toInetAddress().getAddress().length == 4
                                    ? StandardProtocolFamily.INET
                                    : StandardProtocolFamily.INET6)
                    .bind(new InetSocketAddress(address.toInetAddress(), PORT)));
            parts.add((AutoCloseable) channel);
            Thread.ofVirtual().name("dns-udp").start(() -> udp(channel, counts));
        }
    }

    private void udp(DatagramChannel channel, Counts counts) {
        var buffer = ByteBuffer.allocate(MAX_UDP_MESSAGE);
        while (channel.isOpen()) {
            try {
                var client = channel.receive(buffer.clear());
                counts.udp.incrementAndGet();
                var query = DnsQuery.parse(buffer.flip());
                if (query.isPresent()) {
                    byte[] answer = query.get().answer(zone, query.get().udpSize());
                    channel.send(ByteBuffer.wrap(answer), client);
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // This client, or the way back to it, is gone; the next one is still served.
            }
        }
    }

    private void tcp(TcpService.Connection connection, Counts counts) throws IOException {
        connection.socket().setSoTimeout(PATIENCE_MILLIS);
        var in = new DataInputStream(connection.socket().getInputStream());
        while (true) {
            var message = new byte[length(in)];
            if (message.length == 0) {
                return;
            }
            in.readFully(message);
            counts.tcp.incrementAndGet();
            var query = DnsQuery.parse(ByteBuffer.wrap(message));
            if (query.isEmpty()) {
                return;
            }
            byte[] answer = query.get().answer(zone, MAX_TCP_MESSAGE);
            var framed = ByteBuffer.allocate(2 + answer.length)
                    .putShort((short) answer.length)
                    .put(answer);
            connection.socket().getOutputStream().write(framed.array());
        }
    }

    /** Of the next message; 0 at the end. */
    private static int length(DataInputStream in) throws IOException {
        try {
            return in.readUnsignedShort();
        } catch (EOFException e) {
            return 0;
        }
    }

    private static HttpConversation site(String path, Supplier<String> text) {
        return new HttpConversation(
                "fairlead-lab",
                request -> request.target().equals(path)
                        ? HttpConversation.Response.text(text.get())
                        : HttpConversation.Response.notFound());
    }

    /** Queries since the start. */
    private record Counts(AtomicLong udp, AtomicLong tcp) {

        String text() {
            return """
                    # HELP coredns_dns_requests_total Counter of DNS requests made per protocol.
                    # TYPE coredns_dns_requests_total counter
                    coredns_dns_requests_total{proto="udp"} %d
                    coredns_dns_requests_total{proto="tcp"} %d
                    """.formatted(udp.get(), tcp.get());
        }
    }
}
