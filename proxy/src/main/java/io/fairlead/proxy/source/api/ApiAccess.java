package io.fairlead.proxy.source.api;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where to find out how to reach the API server; read again whenever credentials may have been rotated. */
public sealed interface ApiAccess {

    /**
     * As kube-proxy: the kubeconfig if there is one, {@code --master} overrides its server, and with neither the pod's
     * service account.
     */
    static ApiAccess of(Optional<Path> kubeconfig, Optional<URI> master, Map<String, String> environment) {
        if (kubeconfig.isPresent()) {
            return new Kubeconfig(kubeconfig.get(), master);
        }
        return master.<ApiAccess>map(Anonymous::new).orElseGet(() -> new InCluster(environment, InCluster.ACCOUNT));
    }

    Settings read() throws ApiConfigException;

    /** A server without credentials: {@code --master} alone. */
    record Anonymous(URI server) implements ApiAccess {
        @Override
        public Settings read() {
            return settings(server, Optional.empty(), Optional.empty());
        }
    }

    /** What kubelet gives a pod. */
    record InCluster(Map<String, String> environment, Path account) implements ApiAccess {
        static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

        @Override
        public Settings read() throws ApiConfigException {
            var host = environment.get("KUBERNETES_SERVICE_HOST");
            var port = environment.get("KUBERNETES_SERVICE_PORT");
            if (host == null || port == null || host.isEmpty() || port.isEmpty()) {
                throw new ApiConfigException(
                        "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and"
                                + " KUBERNETES_SERVICE_PORT must be defined; outside a cluster use --kubeconfig or --manifests");
            }
            var server = URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
            return settings(
                    server, Optional.of(text(account.resolve("ca.crt"))), Optional.of(account.resolve("token")));
        }
    }

    /** A kubeconfig file; only its current context counts. */
    record Kubeconfig(Path file, Optional<URI> master) implements ApiAccess {
        @Override
        public Settings read() throws ApiConfigException {
            return new KubeconfigReader(file).read(master);
        }
    }

    private static Settings settings(URI server, Optional<String> authority, Optional<Path> tokenFile) {
        return new Settings(
                server,
                authority,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                tokenFile,
                Optional.empty());
    }

    /** A file's content; the error names the file only. */
    static String text(Path file) throws ApiConfigException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ApiConfigException(
                    file + ": cannot be read (" + e.getClass().getSimpleName() + "); check path and permissions");
        }
    }
}
