package io.fairlead.proxy.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address on which pages are served in plain HTTP. It is bound in the background; while the address is taken, that is
 * said and tried again, as kube-proxy does every five seconds.
 *
 * <p>An unspecified address in either spelling serves both families; any other address its own only.
 */
public final class PageServer implements AutoCloseable {

    /** What the server is for, and what its failure is called in the log. */
    public record Purpose(String name, String failure) {}

    private static final Logger log = LoggerFactory.getLogger(PageServer.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int BODY_BYTES = 4096;
    private static final int BACKLOG = 1024;

    /** Below it, an answer fits one packet anyway. */
    private static final int WORTH_COMPRESSING = 1400;

    private final Purpose purpose;
    private final InetSocketAddress address;
    private final Pages pages;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private Optional<HttpServer> server = Optional.empty();
    private boolean closed;

    public PageServer(Purpose purpose, InetSocketAddress address, Pages pages) {
        this.purpose = purpose;
        this.address = address;
        this.pages = pages;
    }

    public Purpose purpose() {
        return purpose;
    }

    /**
     * Starts serving in the background.
     *
     * @param fatal called, once, instead of trying again when the address cannot be bound; empty to try for ever
     */
    public void start(Optional<Consumer<IOException>> fatal) {
        executor.execute(() -> {
            while (!closed()) {
                try {
                    open();
                    return;
                } catch (IOException e) {
                    var failure = new IOException(
                            "failed to start " + purpose.name() + " on " + text() + ": listen tcp " + text() + ": "
                                    + e.getMessage(),
                            e);
                    log.atError().addKeyValue("err", failure).log(purpose.failure());
                    if (fatal.isPresent()) {
                        fatal.get().accept(failure);
                        return;
                    }
                }
                if (!pause()) {
                    return;
                }
            }
        });
    }

    /** Binds and serves from now on. */
    synchronized void open() throws IOException {
        if (closed || server.isPresent()) {
            return;
        }
        ServerLimits.apply();
        var opened = HttpServer.create(address, BACKLOG);
        opened.setExecutor(executor);
        opened.createContext("/", this::handle);
        opened.start();
        server = Optional.of(opened);
    }

    /** Where it listens; empty while it does not. */
    public synchronized Optional<InetSocketAddress> listening() {
        return server.map(HttpServer::getAddress);
    }

    private synchronized boolean closed() {
        return closed;
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(request(exchange));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean bodiless = exchange.getRequestMethod().equals("HEAD");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            if (body.length >= WORTH_COMPRESSING && takesGzip(exchange)) {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                body = compressed(body);
            }
            exchange.sendResponseHeaders(answer.status(), bodiless || body.length == 0 ? -1 : body.length);
            if (!bodiless) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static boolean takesGzip(HttpExchange exchange) {
        return Arrays.stream(String.join(",", exchange.getRequestHeaders().getOrDefault("Accept-Encoding", List.of()))
                        .split(",", -1))
                .map(coding -> coding.replace(" ", ""))
                .anyMatch(coding -> coding.equals("gzip") || coding.startsWith("gzip;q=") && !coding.endsWith("q=0"));
    }

    private static byte[] compressed(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream(body.length / 4);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    /** A page that fails is a bug, and no reason to leave the asker without an answer. */
    private Answer answer(Request request) {
        try {
            return pages.answer(request);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("server", purpose.name()).setCause(e).log("A page failed");
            return Answer.text(500, "internal error, see the log\n");
        }
    }

    private static Request request(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        var headers = new HashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        var body = new String(exchange.getRequestBody().readNBytes(BODY_BYTES), StandardCharsets.UTF_8);
        return new Request(
                exchange.getRequestMethod(),
                Optional.ofNullable(uri.getRawPath()).orElse(""),
                Optional.ofNullable(uri.getRawQuery()).orElse(""),
                headers,
                body);
    }

    private String text() {
        var host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    @Override
    public synchronized void close() {
        closed = true;
        server.ifPresent(open -> open.stop(0));
        server = Optional.empty();
        executor.shutdownNow();
    }
}
