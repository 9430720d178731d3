package io.fairlead.lab.program;

import io.fairlead.lab.net.Echo;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Protocol;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells who it is and who asks: {@code POD CLIENT-ADDRESS CLIENT-PORT}. On every port that its container declares, TCP, UDP
 * or SCTP; without any, TCP 8080 and UDP 8080. A TCP client that speaks HTTP is answered in HTTP.
 */
public final class EchoServer implements Image {

    private static final int DEFAULT_PORT = 8080;
    private static final List<String> HTTP_METHODS = List.of("GET ", "HEAD", "POST", "PUT ", "DELE", "OPTI", "PATC");

    @Override
    public Program start(Container container) throws IOException {
        var ports = container.ports().isEmpty()
                ? List.of(
                        new ContainerPort("", DEFAULT_PORT, Protocol.TCP),
                        new ContainerPort("", DEFAULT_PORT, Protocol.UDP))
                : container.ports();
        return BuiltIn.assemble(parts -> {
            for (var port : ports) {
                open(container, port, parts);
            }
        });
    }

    private static void open(Container container, ContainerPort port, BuiltIn.Parts parts) throws IOException {
        String name = container.pod().name();
        if (port.protocol() == Protocol.TCP) {
            parts.add(TcpService.listen(container.namespace(), port.number(), new TcpAnswer(name)));
            return;
        }
        try {
            parts.add(Echo.start(
                    port.protocol(),
                    container.namespace(),
                    name,
                    container.addresses().both(),
                    port.number()));
        } catch (UncheckedIOException e) {
            throw new IOException("port " + port.number() + "/" + port.protocol() + ": " + e.getMessage(), e);
        }
    }

    private static String text(String name, InetSocketAddress client) {
        return name + " " + IpAddress.of(client.getAddress()) + " " + client.getPort() + "\n";
    }

    /** Looks at the first bytes: HTTP, or a line per whatever comes. */
    private record TcpAnswer(String name, HttpConversation http) implements TcpService.Conversation {

        TcpAnswer(String name) {
            this(
                    name,
                    new HttpConversation(
                            "fairlead-lab",
                            request -> HttpConversation.Response.text(
                                    text(name, request.connection().client()))));
        }

        @Override
        public void hold(TcpService.Connection connection) throws IOException {
            var in = new BufferedInputStream(connection.socket().getInputStream());
            in.mark(4);
            String first = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
            in.reset();
            if (HTTP_METHODS.contains(first)) {
                http.hold(connection, in);
                return;
            }
            byte[] answer = text(name, connection.client()).getBytes(StandardCharsets.UTF_8);
            var buffer = new byte[512];
            while (in.read(buffer) > 0) {
                connection.socket().getOutputStream().write(answer);
            }
        }
    }
}
