package io.fairlead.cli.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;
import io.fairlead.proxy.inspect.InspectPage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The page in front of answers that a test chooses, on the loopback of a namespace. Remembers who asked for what. */
final class Site implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Pages pages;

    private Site(HttpServer server, Pages answers) {
        this.server = server;
        var page = InspectPage.load();
        pages = request -> request.path().equals("/") ? page : answers.answer(request);
    }

    static Site open(NetworkNamespace namespace, Pages answers) throws IOException {
        var server = namespace.call(
                () -> HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100));
        var site = new Site(server, answers);
        server.setExecutor(site.executor);
        server.createContext("/", site::handle);
        server.start();
        return site;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** "GET /state" each. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            requests.add(exchange.getRequestMethod() + " " + uri);
            var answer = pages.answer(new Request(
                    exchange.getRequestMethod(),
                    uri.getRawPath(),
                    uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                    Map.of("host", String.valueOf(exchange.getRequestHeaders().getFirst("Host"))),
                    ""));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
