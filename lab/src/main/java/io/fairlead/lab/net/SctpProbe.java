package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An INIT and its INIT ACK. Runs on the namespace's thread, so one at a time: raw sockets know no ports, and an ICMP error
 * about one probe would reach another one to the same address.
 */
final class SctpProbe {

    // Linux' default net.ipv4.ip_local_port_range
    private static final int FIRST_EPHEMERAL = 32768;
    private static final int LAST_EPHEMERAL = 60999;

    private SctpProbe() {}

    static ProbeResult send(Probe probe, IpAddress destination, int port) {
        try {
            return probe.from().call(() -> exchange(probe, destination, port));
        } catch (IOException e) {
            return SocketFailure.classify(e);
        }
    }

    private static ProbeResult exchange(Probe probe, IpAddress destination, int port) throws IOException {
        var random = ThreadLocalRandom.current();
        int source = probe.sourcePort().orElseGet(() -> random.nextInt(FIRST_EPHEMERAL, LAST_EPHEMERAL + 1));
        var init = SctpPacket.init(source, port, random.nextInt(1, Integer.MAX_VALUE));
        try (var socket = RawSocket.open(destination.family(), SctpPacket.PROTOCOL)) {
            if (probe.sourceAddress().isPresent()) {
                socket.bind(probe.sourceAddress().get());
            }
            socket.connect(destination);
            send(socket, init);
            return answer(socket, init, System.nanoTime() + probe.timeout().toNanos());
        }
    }

    /** As in {@link UdpProbe}: what matters is what comes back. */
    private static void send(RawSocket socket, SctpPacket packet) throws IOException {
        try {
            socket.send(packet.toBytes());
        } catch (IOException e) {
            if (!SocketFailure.isNotPermitted(e)) {
                throw e;
            }
        }
    }

    private static ProbeResult answer(RawSocket socket, SctpPacket init, long deadline) throws IOException {
        while (true) {
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) {
                return new ProbeResult.TimedOut();
            }
            var answer = socket.receive(left)
                    .flatMap(packet -> SctpPacket.parse(packet.payload()))
                    .filter(packet -> packet.answers(init));
            if (answer.isPresent()) {
                return EchoText.parse(answer.get().cookie());
            }
        }
    }
}
