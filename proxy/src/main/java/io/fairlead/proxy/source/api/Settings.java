package io.fairlead.proxy.source.api;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything needed to speak to one API server, as read from a kubeconfig or the pod's service account. Compared with
 * {@code equals} to notice rotated credentials; never printed.
 *
 * @param authority PEM certificates; empty for the JDK's own
 * @param clientCertificate PEM, with its key
 * @param authorization the header's value; beside a token file, for when that cannot be read
 * @param tokenFile read again for every request, because kubelet rotates it
 */
record Settings(
        URI server,
        Optional<String> authority,
        boolean insecure,
        Optional<String> clientCertificate,
        Optional<String> clientKey,
        Optional<String> authorization,
        Optional<Path> tokenFile,
        Optional<Exec> exec) {

    Settings {
        server = withoutUserInfo(server);
    }

    /** A name and password in a URL would get into logs with it, and are not what a server is called. */
    private static URI withoutUserInfo(URI server) {
        return server.getRawUserInfo() == null ? server : URI.create(withoutUserInfo(server.toString()));
    }

    static String withoutUserInfo(String url) {
        return url.replaceFirst("//[^/]*@", "//");
    }

    /** A program that prints credentials (client.authentication.k8s.io). */
    record Exec(String apiVersion, List<String> command, Map<String, String> environment) {}

    Settings withClientCertificate(String certificate, String key) {
        return new Settings(
                server,
                authority,
                insecure,
                Optional.of(certificate),
                Optional.of(key),
                authorization,
                tokenFile,
                Optional.empty());
    }

    Settings withToken(String token) {
        return new Settings(
                server,
                authority,
                insecure,
                clientCertificate,
                clientKey,
                Optional.of("Bearer " + token),
                Optional.empty(),
                Optional.empty());
    }

    /** Secrets stay out of logs. */
    @Override
    public String toString() {
        return server.toString();
    }
}
