package io.fairlead.proxy.source.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Reads a kubeconfig (client.config.k8s.io v1): the current context's cluster and user. */
final class KubeconfigReader {

    private final Path file;

    KubeconfigReader(Path file) {
        this.file = file;
    }

    Settings read(Optional<URI> master) throws ApiConfigException {
        var config = document();
        var contextName = config.text("current-context")
                .orElseThrow(() -> error("current-context is not set; kubectl config use-context sets it"));
        var context = named(config, "contexts", "context", contextName);
        var cluster =
                named(config, "clusters", "cluster", context.text("cluster").orElse(""));
        var user = context.text("user").isPresent()
                ? named(config, "users", "user", context.text("user").orElseThrow())
                : new Document(java.util.Map.of());
        return new Settings(
                master.isPresent() ? master.get() : server(cluster),
                material(cluster, "certificate-authority"),
                cluster.isTrue("insecure-skip-tls-verify"),
                material(user, "client-certificate"),
                material(user, "client-key"),
                authorization(user),
                user.text("tokenFile").map(this::resolve),
                exec(user));
    }

    private Document document() throws ApiConfigException {
        try {
            return Document.parse(Files.readString(file));
        } catch (IOException e) {
            // A parser's message quotes the text around the error, which may be a token.
            throw error("cannot be read as a kubeconfig (" + e.getClass().getSimpleName() + ")");
        }
    }

    private ApiConfigException error(String message) {
        return new ApiConfigException(file + ": " + message);
    }

    private Document named(Document config, String list, String field, String name) throws ApiConfigException {
        for (var entry : config.children(list)) {
            if (entry.text("name").equals(Optional.of(name))) {
                return entry.child(field);
            }
        }
        throw error(list + " has no entry named \"" + name + "\"");
    }

    private URI server(Document cluster) throws ApiConfigException {
        var text = cluster.text("server").orElseThrow(() -> error("the cluster has no server"));
        try {
            var server = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (server.getHost() != null && server.getScheme() != null) {
                return server;
            }
        } catch (java.net.URISyntaxException _) {
            // Said below.
        }
        throw error("server \"" + Settings.withoutUserInfo(text) + "\" is not a URL like https://10.0.0.1:6443");
    }

    /** PEM text from {@code NAME-data} (base64), which wins, or from the file that {@code NAME} says. */
    private Optional<String> material(Document from, String name) throws ApiConfigException {
        var data = from.text(name + "-data");
        if (data.isPresent()) {
            try {
                return Optional.of(new String(Base64.getMimeDecoder().decode(data.get()), StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException _) {
                throw error(name + "-data is not base64");
            }
        }
        var path = from.text(name);
        return path.isPresent() ? Optional.of(ApiAccess.text(resolve(path.get()))) : Optional.empty();
    }

    /** Relative paths are relative to the kubeconfig. */
    private Path resolve(String path) {
        return file.toAbsolutePath().resolveSibling(path);
    }

    private static Optional<String> authorization(Document user) {
        var token = user.text("token");
        if (token.isPresent()) {
            return token.map(t -> "Bearer " + t);
        }
        return user.text("username").map(name -> {
            var pair = name + ":" + user.text("password").orElse("");
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        });
    }

    private Optional<Settings.Exec> exec(Document user) throws ApiConfigException {
        var exec = user.child("exec");
        if (exec.fields().isEmpty()) {
            return Optional.empty();
        }
        var program = exec.text("command").orElseThrow(() -> error("the user's exec has no command"));
        var command = new ArrayList<String>();
        // A path with a slash is relative to the kubeconfig; a bare name is looked up in PATH.
        command.add(program.contains("/") ? resolve(program).toString() : program);
        command.addAll(exec.texts("args"));
        var environment = new LinkedHashMap<String, String>();
        for (var entry : exec.children("env")) {
            entry.text("name")
                    .ifPresent(name -> environment.put(name, entry.text("value").orElse("")));
        }
        return Optional.of(new Settings.Exec(
                exec.text("apiVersion").orElse("client.authentication.k8s.io/v1"), command, environment));
    }
}
