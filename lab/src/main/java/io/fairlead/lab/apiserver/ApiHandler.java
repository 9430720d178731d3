package io.fairlead.lab.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request: faults first, then who asks, then what. */
final class ApiHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    // Served to everybody, as kubelets and load balancers expect.
    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");

    private final Documents documents;
    private final ResourceHandler resources;
    private final Authentication authentication;
    private final Faults faults;
    private final RequestLog log;

    ApiHandler(
            ResourceTypes types,
            ServerOptions options,
            ResourceHandler resources,
            Authentication authentication,
            Faults faults,
            RequestLog log) {
        this.documents = new Documents(types, options);
        this.resources = resources;
        this.authentication = authentication;
        this.faults = faults;
        this.log = log;
    }

    /** An exception out of here makes the HTTP server cut the connection, which is what a half-written answer needs. */
    @Override
    public void handle(HttpExchange http) throws IOException {
        var exchange = new Exchange(http, log);
        try {
            serve(exchange);
        } catch (ApiException e) {
            exchange.send(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server is stopping");
        } catch (RuntimeException e) {
            LOG.error("{}: failed", exchange.line(), e);
            exchange.send(ApiException.internal(e.toString()));
        }
        exchange.finish();
    }

    private void serve(Exchange exchange) throws IOException, InterruptedException {
        var fault = faults.next(exchange.line());
        if (fault.isEmpty()) {
            answer(exchange);
            return;
        }
        switch (fault.get()) {
            case Fault.Answer answer -> exchange.send(answer.status(), answer.headers(), answer.bytes());
            case Fault.Slow(var delay) -> {
                Thread.sleep(delay);
                answer(exchange);
            }
            case Fault.EndlessList() ->
                resources.answerEndlessly(exchange, path(exchange).orElseThrow(ApiException::noSuchResource));
            case Fault.Disconnect() -> {
                exchange.logCut();
                throw new IOException("injected fault: disconnected");
            }
        }
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        if (HEALTH.contains(exchange.line().path())) {
            exchange.send("ok");
            return;
        }
        if (!authentication.accepts(exchange.bearerToken(), exchange.clientCertificate())) {
            throw ApiException.unauthorized();
        }
        if (!documents.answer(exchange)) {
            resources.answer(exchange, path(exchange).orElseThrow(ApiException::noSuchResource));
        }
    }

    private static Optional<ResourcePath> path(Exchange exchange) {
        return ResourcePath.parse(exchange.segments());
    }
}
