package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The JDK's HTTP client, as a test wants to use it. */
final class TestClient implements AutoCloseable {

    /** @param text the body as sent */
    record Answer(int status, String text, HttpResponse<?> response) {

        JsonNode json() throws IOException {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8));
        }

        List<String> names() throws IOException {
            var names = new ArrayList<String>();
            json().get("items")
                    .forEach(item -> names.add(item.at("/metadata/name").asText()));
            return names;
        }

        String reason() throws IOException {
            return json().path("reason").asText();
        }
    }

    private final HttpClient http;
    private final URI server;
    private Optional<String> token = Optional.empty();

    private TestClient(HttpClient http, URI server) {
        this.http = http;
        this.server = server;
    }

    static TestClient of(ApiServer server) {
        return new TestClient(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), server.url());
    }

    static TestClient of(ApiServer server, SSLContext context) {
        return new TestClient(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(context)
                        .build(),
                server.url());
    }

    TestClient with(String bearer) {
        token = Optional.of(bearer);
        return this;
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    Answer post(String path, JsonNode body) throws IOException, InterruptedException {
        return write("POST", path, "application/json", body.toString());
    }

    Answer put(String path, JsonNode body) throws IOException, InterruptedException {
        return write("PUT", path, "application/json", body.toString());
    }

    Answer patch(String path, String kind, String body) throws IOException, InterruptedException {
        return write("PATCH", path, "application/" + kind + "+json", body);
    }

    Answer write(String method, String path, String contentType, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Opens a watch; the answer must be 200. */
    WatchReader watch(String path) throws IOException, InterruptedException {
        var separator = path.contains("?") ? "&" : "?";
        var response = http.send(request(path + separator + "watch=true").build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return new WatchReader(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    private HttpRequest.Builder request(String path) {
        // A connection that a stopping server had not accepted yet is never answered.
        var request = HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(10));
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
