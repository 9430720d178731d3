package io.fairlead.lab.program;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Plain HTTP/1.1 (RFC 9112) as far as a page needs it: requests without surprises, answers with a length. */
final class HttpConversation implements TcpService.Conversation {

    private static final int MAX_HEAD = 16 * 1024;
    private static final long MAX_BODY = 1 << 20;
    private static final int PATIENCE_MILLIS = 60_000;

    /** What a client asks for. */
    record Request(String method, String target, TcpService.Connection connection) {}

    /** @param type of the body, as in Content-Type */
    record Response(int status, String reason, String type, String body) {

        static Response html(String body) {
            return new Response(200, "OK", "text/html", body);
        }

        static Response text(String body) {
            return new Response(200, "OK", "text/plain; charset=utf-8", body);
        }

        static Response notFound() {
            return new Response(404, "Not Found", "text/plain", "404 page not found\n");
        }
    }

    /** Answers one request. */
    @FunctionalInterface
    interface Site {
        Response answer(Request request);
    }

    private final String server;
    private final Site site;

    /** @param server what it calls itself in the Server header */
    HttpConversation(String server, Site site) {
        this.server = server;
        this.site = site;
    }

    @Override
    public void hold(TcpService.Connection connection) throws IOException {
        connection.socket().setSoTimeout(PATIENCE_MILLIS);
        hold(connection, new BufferedInputStream(connection.socket().getInputStream()));
    }

    /** @param in what the client sends, from the first byte of a request on */
    void hold(TcpService.Connection connection, InputStream in) throws IOException {
        boolean more = true;
        while (more) {
            var head = head(in);
            if (head.isEmpty()) {
                return;
            }
            more = answer(connection, in, head.get());
        }
    }

    private boolean answer(TcpService.Connection connection, InputStream in, String head) throws IOException {
        var words = head.lines().findFirst().orElse("").split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            send(connection, new Response(400, "Bad Request", "text/plain", "400 bad request\n"), "GET", false);
            return false;
        }
        skipBody(in, head);
        boolean keep = !connection.isLast()
                && !words[2].equals("HTTP/1.0")
                && !header(head, "connection").orElse("").equalsIgnoreCase("close");
        send(connection, site.answer(new Request(words[0], words[1], connection)), words[0], keep);
        return keep;
    }

    private void send(TcpService.Connection connection, Response response, String method, boolean keep)
            throws IOException {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + response.status() + " " + response.reason() + "\r\nServer: " + server
                + "\r\nContent-Type: " + response.type() + "\r\nContent-Length: " + body.length + "\r\nConnection: "
                + (keep ? "keep-alive" : "close") + "\r\n\r\n";
        var message = new ByteArrayOutputStream();
        message.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        if (!method.equals("HEAD")) {
            message.writeBytes(body);
        }
        connection.socket().getOutputStream().write(message.toByteArray());
    }

    /** Up to and without the empty line; empty when the client is done. */
    private static Optional<String> head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int lineLength = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                if (lineLength == 0 && head.size() > 0) {
                    return Optional.of(head.toString(StandardCharsets.ISO_8859_1));
                }
                lineLength = 0;
            } else if (next != '\r') {
                lineLength++;
            }
            head.write(next);
            if (head.size() > MAX_HEAD) {
                throw new IOException("request head of more than " + MAX_HEAD + " bytes");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    private static void skipBody(InputStream in, String head) throws IOException {
        var length = header(head, "content-length");
        if (header(head, "transfer-encoding").isPresent()) {
            throw new IOException("a request with a transfer encoding");
        }
        if (length.isEmpty()) {
            return;
        }
        try {
            long bytes = Long.parseLong(length.get());
            if (bytes < 0 || bytes > MAX_BODY) {
                throw new IOException("a request body of " + bytes + " bytes");
            }
            in.skipNBytes(bytes);
        } catch (NumberFormatException e) {
            throw new EOFException("Content-Length: " + length.get());
        }
    }
}
