package io.fairlead.proxy.source.api;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Requests to one API server; what is read comes as a stream. Credentials that have been rotated under us are picked up: a token file
 * is read for every request, everything else when {@link #reload} is called, which is what to do after a failure.
 *
 * <p>For any number of threads.
 */
public final class ApiClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(30);
    private static final int ERROR_BODY = 4096;

    /** What has been built from one reading of the settings. */
    private record Connection(Settings source, ExecPlugin.Credentials credentials, HttpClient http) {}

    private final ApiAccess access;
    private final String userAgent;
    private final RequestListener listener;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Connection connection;
    private volatile Redaction sent = new Redaction("");

    /** @throws ApiConfigException when the settings cannot be read; nothing has been sent yet */
    public ApiClient(ApiAccess access, String userAgent) throws ApiConfigException {
        this(access, userAgent, RequestListener.NOBODY);
    }

    /** @throws ApiConfigException when the settings cannot be read; nothing has been sent yet */
    public ApiClient(ApiAccess access, String userAgent, RequestListener listener) throws ApiConfigException {
        this.listener = listener;
        this.access = access;
        this.userAgent = userAgent;
        this.connection = connect(access.read(), executor);
    }

    private static Connection connect(Settings settings, ExecutorService executor) throws ApiConfigException {
        var credentials = ExecPlugin.complete(settings);
        var builder = HttpClient.newBuilder()
                // One connection per watch: what kills one leaves the others alone.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor);
        if ("https".equals(settings.server().getScheme())) {
            builder.sslContext(Tls.context(credentials.settings()));
        }
        return new Connection(settings, credentials, builder.build());
    }

    /**
     * Reads the settings again and connects anew if they have changed.
     *
     * @param rejected the server refused our credentials, so a plugin is asked for new ones
     */
    public synchronized void reload(boolean rejected) throws ApiConfigException {
        var settings = access.read();
        boolean askAgain = rejected && settings.exec().isPresent();
        if (askAgain || !settings.equals(connection.source)) {
            connection = connect(settings, executor);
        }
    }

    public URI server() {
        return connection.source.server();
    }

    /**
     * @param path with query, encoded
     * @param silence how long the body may pause
     * @return the body of a 200 response in JSON; to be closed
     * @throws ApiException when the server answers anything else
     */
    public BodyStream get(String path, Duration silence) throws IOException {
        var response = send(path, silence, HttpRequest.Builder::GET);
        var type = response.headers().firstValue("Content-Type").orElse("");
        if (response.statusCode() == 200 && type.startsWith("application/json")) {
            return response.body();
        }
        try (var body = response.body()) {
            throw failure(response, type, body);
        }
    }

    /**
     * Creates an object.
     *
     * @param path of the collection, encoded
     * @param json the object
     * @throws ApiException when the server refuses it
     */
    public void post(String path, String json) throws IOException {
        write("POST", path, "application/json", json);
    }

    /**
     * Changes an object.
     *
     * @param path of the object, encoded
     * @param json what is merged into it (RFC 7386)
     * @throws ApiException when the server refuses it
     */
    public void patch(String path, String json) throws IOException {
        write("PATCH", path, "application/merge-patch+json", json);
    }

    private void write(String method, String path, String mediaType, String json) throws IOException {
        var response = send(
                path,
                HEADER_TIMEOUT,
                request -> request.header("Content-Type", mediaType)
                        .method(method, HttpRequest.BodyPublishers.ofString(json)));
        try (var body = response.body()) {
            if (response.statusCode() / 100 != 2) {
                throw failure(
                        response, response.headers().firstValue("Content-Type").orElse(""), body);
            }
        }
    }

    private HttpResponse<BodyStream> send(String path, Duration silence, Consumer<HttpRequest.Builder> method)
            throws IOException {
        renewExpired();
        var now = connection;
        var request = HttpRequest.newBuilder(URI.create(now.source.server() + path))
                .timeout(HEADER_TIMEOUT)
                .header("Accept", "application/json")
                .header("User-Agent", userAgent);
        method.accept(request);
        authorization(now.credentials.settings()).ifPresent(value -> {
            sent = new Redaction(value);
            request.header("Authorization", value);
        });
        try {
            return send(now.http, request.build(), silence);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IllegalArgumentException _) {
            throw new IOException("the token is not one line of printable text");
        }
    }

    private HttpResponse<BodyStream> send(HttpClient http, HttpRequest request, Duration silence)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var code = "<error>";
        try {
            HttpResponse<BodyStream> response = http.send(request, _ -> new BodyStream(silence));
            code = Integer.toString(response.statusCode());
            return response;
        } finally {
            var duration = Duration.ofNanos(System.nanoTime() - begin);
            listener.answered(request.method(), request.uri().getAuthority(), code, duration);
        }
    }

    private void renewExpired() throws IOException {
        if (connection.credentials.expires().filter(Instant.now()::isAfter).isPresent()) {
            try {
                reload(true);
            } catch (ApiConfigException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    private static Optional<String> authorization(Settings settings) throws IOException {
        if (settings.tokenFile().isEmpty()) {
            return settings.authorization();
        }
        try {
            return Optional.of(
                    "Bearer " + ApiAccess.text(settings.tokenFile().get()).strip());
        } catch (ApiConfigException e) {
            if (settings.authorization().isPresent()) {
                return settings.authorization();
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What a server says, for the log: some repeat the credential that they do not like. */
    public String withoutCredential(String text) {
        return sent.in(text);
    }

    private ApiException failure(HttpResponse<?> response, String type, BodyStream body) throws IOException {
        int status = response.statusCode();
        if (status == 200) {
            return new ApiException(
                    status,
                    Optional.empty(),
                    "answered with " + (type.isEmpty() ? "something of no type" : type)
                            + " instead of JSON; is this really the API server, without a login page in between?");
        }
        var retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,5}"))
                .map(text -> Duration.ofSeconds(Integer.parseInt(text)));
        var message = "";
        if (type.startsWith("application/json")) {
            var text = new String(body.readNBytes(ERROR_BODY), StandardCharsets.UTF_8);
            try {
                message = Document.parse(text).text("message").orElse("");
            } catch (IOException _) {
                // Then the status has to do.
                message = "";
            }
        }
        var why = message.isEmpty() ? "" : ": " + withoutCredential(message);
        return new ApiException(status, retryAfter, "HTTP " + status + why);
    }

    @Override
    public void close() {
        connection.http.shutdownNow();
        executor.shutdownNow();
    }
}
