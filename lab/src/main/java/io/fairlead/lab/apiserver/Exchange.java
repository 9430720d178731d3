package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.fairlead.lab.schema.ProtobufObject;
import io.fairlead.lab.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** One request and its answer. */
final class Exchange {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private final HttpExchange http;
    private final RequestLog log;
    private final RequestLine line;

    Exchange(HttpExchange http, RequestLog log) {
        this.http = http;
        this.log = log;
        var uri = http.getRequestURI();
        var query = Optional.ofNullable(uri.getRawQuery()).orElse("");
        this.line = new RequestLine(http.getRequestMethod(), uri.getRawPath(), query);
    }

    RequestLine line() {
        return line;
    }

    QueryParameters query() {
        return QueryParameters.parse(line.query());
    }

    /** The path's parts, decoded, without empty ones. */
    List<String> segments() {
        var segments = new ArrayList<String>();
        for (var segment : line.path().split("/", -1)) {
            if (!segment.isEmpty()) {
                // In a path a plus sign is itself.
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return segments;
    }

    Optional<String> bearerToken() {
        return Optional.ofNullable(http.getRequestHeaders().getFirst("Authorization"))
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip());
    }

    /** The client's certificate, which the TLS layer has verified. */
    Optional<X509Certificate> clientCertificate() {
        if (http instanceof HttpsExchange https) {
            try {
                return Optional.of((X509Certificate) https.getSSLSession().getPeerCertificates()[0]);
            } catch (SSLPeerUnverifiedException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The media type of the body, lower case, without parameters; empty if not said. */
    String contentType() {
        var value = Optional.ofNullable(http.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    Accept accept() {
        return Accept.parse(
                Optional.ofNullable(http.getRequestHeaders().getFirst("Accept")).orElse("*/*"));
    }

    /** Whether the client names this media type, in whatever place. */
    boolean accepts(String mediaType) {
        return http.getRequestHeaders().getOrDefault("Accept", List.of()).stream()
                .anyMatch(header -> header.contains(mediaType));
    }

    /** Tells the client something beside the answer, RFC 7234 section 5.5; to be called before the answer. */
    void warn(String text) {
        var quoted = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
        http.getResponseHeaders().add("Warning", "299 - \"" + quoted + "\"");
    }

    /** @throws ApiException 400 if the body is not JSON */
    JsonNode body() throws IOException {
        byte[] bytes = http.getRequestBody().readAllBytes();
        try {
            return Json.parse(bytes);
        } catch (IOException e) {
            throw ApiException.badRequest("the body is not JSON: " + e.getMessage());
        }
    }

    /** @throws ApiException 400 if the body is not a JSON object */
    ObjectNode objectBody() throws IOException {
        if (body() instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the body is not a JSON object");
    }

    /**
     * The body in the form that its content type says: JSON, or protocol buffers if there is a schema to read them by.
     *
     * @throws ApiException 400 if it is not an object in that form, 415 if the form is another
     */
    ObjectNode encodedBody(Optional<Schema> schema) throws IOException {
        var contentType = contentType();
        if (contentType.equals(PROTOBUF) && schema.isPresent()) {
            return protobuf(schema.get(), http.getRequestBody().readAllBytes());
        }
        if (!contentType.isEmpty() && !contentType.equals("application/json")) {
            throw ApiException.unsupportedMediaType(contentType, "application/json");
        }
        return objectBody();
    }

    private static ObjectNode protobuf(Schema schema, byte[] bytes) {
        try {
            return ProtobufObject.decode(schema, bytes);
        } catch (IOException e) {
            throw ApiException.badRequest("the body cannot be read: " + e.getMessage());
        }
    }

    /** The body as YAML, which includes JSON. */
    ObjectNode yamlBody() throws IOException {
        byte[] bytes = http.getRequestBody().readAllBytes();
        try {
            if (Json.parseYaml(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw ApiException.badRequest("error decoding YAML: " + e.getMessage());
        }
        throw ApiException.badRequest("the body is not an object");
    }

    /** The body, or an empty object if there is none. */
    ObjectNode optionalBody(Optional<Schema> schema) throws IOException {
        byte[] bytes = http.getRequestBody().readAllBytes();
        if (contentType().equals(PROTOBUF) && schema.isPresent() && bytes.length > 0) {
            return protobuf(schema.get(), bytes);
        }
        try {
            return bytes.length > 0 && Json.parse(bytes) instanceof ObjectNode object ? object : Json.object();
        } catch (IOException e) {
            throw ApiException.badRequest("the body is not JSON: " + e.getMessage());
        }
    }

    void send(JsonNode answer) throws IOException {
        send(200, Map.of("Content-Type", "application/json"), Json.bytes(answer));
    }

    void send(int status, StoredObject object, Rendering rendering) throws IOException {
        var bytes = new ByteArrayOutputStream();
        rendering.single(object, bytes);
        send(status, Map.of("Content-Type", "application/json"), bytes.toByteArray());
    }

    void send(String text) throws IOException {
        send(200, Map.of("Content-Type", "text/plain; charset=utf-8"), text.getBytes(StandardCharsets.UTF_8));
    }

    void send(ApiException error) throws IOException {
        error.retryAfterSeconds()
                .ifPresent(seconds -> http.getResponseHeaders().set("Retry-After", Integer.toString(seconds)));
        send(error.code(), Map.of("Content-Type", "application/json"), Json.bytes(error.toStatus()));
    }

    void send(int status, Map<String, String> headers, byte[] body) throws IOException {
        http.getRequestBody().readAllBytes();
        headers.forEach(http.getResponseHeaders()::set);
        log.add(line, status);
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        http.getResponseBody().write(body);
    }

    /** Begins a JSON answer of unknown length; the headers are on their way when this returns. */
    OutputStream stream() throws IOException {
        return stream("application/json");
    }

    /** Begins an answer of unknown length; the headers are on their way when this returns. */
    OutputStream stream(String contentType) throws IOException {
        http.getResponseHeaders().set("Content-Type", contentType);
        log.add(line, 200);
        http.sendResponseHeaders(200, 0);
        var out = http.getResponseBody();
        out.flush();
        return out;
    }

    /** Ends the answer properly; without it the connection is cut. */
    void finish() {
        http.close();
    }

    void logCut() {
        log.add(line, 0);
    }
}
