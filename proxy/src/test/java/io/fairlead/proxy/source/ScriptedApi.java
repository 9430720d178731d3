package io.fairlead.proxy.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server that answers requests for Services with what a test has written down, in that order; a watch for which
 * nothing is written down stays open and silent. The other kinds are empty, unless something else is said of them.
 */
final class ScriptedApi implements AutoCloseable {

    /** Answers one request. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final int port;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final Map<String, Answer> others = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);

    ScriptedApi(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        this.port = server.getAddress().getPort();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            if (!exchange.getRequestURI().getPath().endsWith("/services")) {
                other(exchange);
                return;
            }
            requests.add(exchange.getRequestURI().toString());
            var answer = answers.poll();
            (answer == null ? silence() : answer).to(exchange);
        });
        server.start();
    }

    int port() {
        return port;
    }

    ScriptedApi then(Answer answer) {
        answers.add(answer);
        return this;
    }

    /** What every list and watch of another kind gets, such as {@code servicecidrs}. */
    ScriptedApi always(String plural, Answer answer) {
        others.put(plural, answer);
        return this;
    }

    /** Empty again. */
    void asUsual(String plural) {
        others.remove(plural);
    }

    String nextRequest() throws InterruptedException {
        var request = requests.poll(20, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    private void other(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var said = others.get(path.substring(path.lastIndexOf('/') + 1));
        if (said != null) {
            said.to(exchange);
        } else if (exchange.getRequestURI().getQuery().contains("watch=true")) {
            silence().to(exchange);
        } else {
            json(200, "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}")
                    .to(exchange);
        }
    }

    static Answer json(int status, String body) {
        return text(status, "application/json", body);
    }

    static Answer text(int status, String type, String body) {
        return exchange -> {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    static Answer list(String version, String continueToken, String... items) {
        return json(
                200,
                "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version
                        + "\",\"continue\":\"" + continueToken + "\"},\"items\":[" + String.join(",", items) + "]}");
    }

    static String service(String name, int port) {
        return "{\"metadata\":{\"namespace\":\"ns\",\"name\":\"" + name + "\",\"resourceVersion\":\"9" + port
                + "\"},\"spec\":{\"clusterIP\":\"10.0.0.1\",\"ports\":[{\"port\":" + port + "}]}}";
    }

    /** A watch that sends this and then stays open. */
    Answer watch(String... frames) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(String.join("\n", frames).getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            await();
            exchange.close();
        };
    }

    private Answer silence() {
        return watch();
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
