package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.channels.DatagramChannel;

/** One datagram and its answer. */
final class UdpProbe {

    private static final int MAX_ANSWER = 512;

    private UdpProbe() {}

    static ProbeResult send(Probe probe, IpAddress destination, int port) {
        var peer = Sockets.endpoint(destination, port);
        try (var channel = probe.from().call(() -> DatagramChannel.open(Sockets.family(destination)))) {
            var source = probe.source(peer);
            if (source.isPresent()) {
                channel.bind(source.get());
            }
            channel.connect(peer); // only a connected socket hears of ICMP errors
            var socket = channel.socket();
            socket.setSoTimeout(probe.timeoutMillis());
            send(socket);
            var answer = new DatagramPacket(new byte[MAX_ANSWER], MAX_ANSWER);
            socket.receive(answer);
            return EchoText.parse(answer.getData(), answer.getOffset(), answer.getLength());
        } catch (IOException e) {
            return SocketFailure.classify(e);
        }
    }

    /** A datagram that a rule of this very machine rejects or drops is an error already here; what matters is what comes back. */
    private static void send(DatagramSocket socket) throws IOException {
        try {
            socket.send(new DatagramPacket(EchoText.QUESTION, EchoText.QUESTION.length));
        } catch (IOException e) {
            if (!SocketFailure.isNotPermitted(e)) {
                throw e;
            }
        }
    }
}
