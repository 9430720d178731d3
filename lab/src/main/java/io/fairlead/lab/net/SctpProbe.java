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
            return answer(socket, init, probe.timeout());
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

    /** Sends again what is not answered, as a real client does (RFC 9260, section 5.1): a busy machine loses packets. */
    private static ProbeResult answer(RawSocket socket, SctpPacket init, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long interval = timeout.toNanos() / 3;
        long sendAgain = System.nanoTime() + interval;
        while (true) {
            long now = System.nanoTime();
            if (now - deadline >= 0) {
                return new ProbeResult.TimedOut();
            }
            if (now - sendAgain >= 0) {
                send(socket, init);
                sendAgain = now + interval;
            }
            var answer = socket.receive(Duration.ofNanos(Math.min(deadline, sendAgain) - now))
                    .flatMap(packet -> SctpPacket.parse(packet.payload()))
                    .filter(packet -> packet.answers(init));
            if (answer.isPresent()) {
                return EchoText.parse(answer.get().cookie());
            }
        }
    }
}
