package io.fairlead.cli.lab;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;

/** Questions over UDP, asked again when nothing comes back. */
final class Datagrams {

    private static final int ATTEMPTS = 30;

    private Datagrams() {}

    static byte[] ask(NetworkNamespace from, IpAddress address, int port, byte[] question) throws IOException {
        try (var channel = from.call(() -> DatagramChannel.open())) {
            channel.connect(new InetSocketAddress(address.toInetAddress(), port));
            var socket = channel.socket();
            socket.setSoTimeout(2_000);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                socket.send(new DatagramPacket(question, question.length));
                var answer = new DatagramPacket(new byte[4096], 4096);
                try {
                    socket.receive(answer);
                    return Arrays.copyOf(answer.getData(), answer.getLength());
                } catch (SocketTimeoutException e) {
                    // Once more.
                }
            }
            throw new IOException("no answer from " + address.withPort(port));
        }
    }
}
