package io.fairlead.cli.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fetches a page from within the lab: with curl, or by hand where there is none. */
final class WebClient {

    private static final int PATIENCE_SECONDS = 10;

    private WebClient() {}

    /** @param address with its port */
    static Session.Output get(Session session, Session.Place place, String address)
            throws IOException, InterruptedException {
        return Requirements.find("curl").isPresent()
                ? session.run(place, List.of("curl", "-s", "--max-time", Integer.toString(PATIENCE_SECONDS), address))
                : byHand(place, address);
    }

    private static Session.Output byHand(Session.Place place, String address) {
        int colon = address.lastIndexOf(':');
        var peer = new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        try (var channel = place.namespace().call(() -> SocketChannel.open())) {
            var socket = channel.socket();
            socket.setSoTimeout(PATIENCE_SECONDS * 1000);
            socket.connect(peer, PATIENCE_SECONDS * 1000);
            String request = "GET / HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Session.Output(0, answer.substring(answer.indexOf("\r\n\r\n") + 4));
        } catch (IOException e) {
            return new Session.Output(1, "curl: " + e.getMessage() + "\n");
        }
    }
}
