package io.fairlead.lab.program;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Stands in for nginx on port 80: one page, with the title by which people know nginx's own. */
public final class WebServer implements Image {

    private static final int PORT = 80;
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

    private static final String PAGE = """
            <!DOCTYPE html>
            <html>
            <head>
            <title>Welcome to nginx!</title>
            </head>
            <body>
            <h1>Welcome to nginx!</h1>
            <p>This is the lab's own web server, in nginx's place. You have reached a pod: somewhere on
            the way, a Service's address was rewritten into the pod's.</p>
            </body>
            </html>
            """;

    @Override
    public Program start(Container container) throws IOException {
        var site = new HttpConversation("fairlead-lab", request -> answer(container, request));
        return BuiltIn.assemble(parts -> parts.add(TcpService.listen(container.namespace(), PORT, site)));
    }

    private static HttpConversation.Response answer(Container container, HttpConversation.Request request) {
        String path = request.target().replaceFirst("\\?.*", "");
        var response = path.equals("/") || path.equals("/index.html")
                ? HttpConversation.Response.html(PAGE)
                : HttpConversation.Response.notFound();
        container
                .log()
                .println("%s - - [%s] \"%s %s HTTP/1.1\" %d %d"
                        .formatted(
                                request.connection().client().getAddress().getHostAddress(),
                                ZonedDateTime.now(ZoneOffset.UTC).format(LOG_TIME),
                                request.method(),
                                request.target(),
                                response.status(),
                                response.body().length()));
        return response;
    }
}
