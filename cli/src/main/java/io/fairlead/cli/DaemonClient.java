package io.fairlead.cli;

import io.fairlead.proxy.inspect.InspectPages;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks a running daemon's inspection server.
 *
 * @param url without a path
 */
record DaemonClient(String url) {

    static final String DEFAULT = "http://" + InspectAddress.DEFAULT;

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofMinutes(1);

    /** @param clean nothing to do, no finding */
    record Reply(String body, boolean clean) {}

    /** @throws StartException when there is no answer, or the answer is an error */
    Reply get(String path, Map<String, String> parameters, OutputOptions.Format format)
            throws StartException, InterruptedException {
        try (var http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            var request = HttpRequest.newBuilder(uri(path, parameters, format))
                    .timeout(ANSWER)
                    .build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new StartException(
                        response.statusCode() == 404
                                ? url + " is not the inspection server of a Fairlead that knows " + path
                                : response.body().strip());
            }
            return new Reply(
                    response.body(),
                    response.headers()
                            .firstValue(InspectPages.CLEAN)
                            .orElse("true")
                            .equals("true"));
        } catch (ConnectException e) {
            throw new StartException(
                    "no daemon answers at " + url
                            + "; start one (fairlead proxy), say where it is with --daemon URL, or give"
                            + " --manifests or --kubeconfig to look without one",
                    e);
        } catch (IOException e) {
            throw new StartException("the daemon at " + url + " does not answer: " + e.getMessage(), e);
        }
    }

    private URI uri(String path, Map<String, String> parameters, OutputOptions.Format format) throws StartException {
        var query = parameters.entrySet().stream()
                .map(parameter -> "&" + parameter.getKey() + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        var output = format == OutputOptions.Format.TEXT ? "text" : "json";
        try {
            var uri = new URI(url.replaceFirst("/+$", "") + path + "?output=" + output + query);
            if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
                throw new StartException("--daemon " + Text.quote(url) + " is not a URL such as " + DEFAULT);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new StartException(
                    "--daemon " + Text.quote(url) + " is not a URL such as " + DEFAULT + ": " + e.getReason(), e);
        }
    }
}
