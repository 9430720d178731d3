package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** What a server says about itself and its client: {@code NAME ADDRESS PORT} and a newline. */
final class EchoText {

    /** What a client says first, over TCP and UDP. */
    static final byte[] QUESTION = "who?\n".getBytes(StandardCharsets.US_ASCII);

    private EchoText() {}

    static byte[] of(String server, InetSocketAddress client) {
        return of(server, IpAddress.of(client.getAddress()), client.getPort()).getBytes(StandardCharsets.UTF_8);
    }

    static String of(String server, IpAddress address, int port) {
        return server + " " + address + " " + port + "\n";
    }

    static ProbeResult.Answer parse(byte[] text, int offset, int length) {
        return parse(new String(text, offset, length, StandardCharsets.UTF_8));
    }

    static ProbeResult.Answer parse(String text) {
        var words = text.strip().split(" ", -1);
        if (words.length != 3) {
            throw new IllegalStateException("not the answer of an echo server: " + String.join(" ", words));
        }
        return new ProbeResult.Answer(words[0], IpAddress.parse(words[1]), Integer.parseInt(words[2]));
    }
}
