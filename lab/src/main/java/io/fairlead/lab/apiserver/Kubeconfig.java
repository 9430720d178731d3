package io.fairlead.lab.apiserver;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The text of a kubeconfig file with one cluster, one user and one context, all named {@code fairlead}. Secret if it has a
 * token or a credential.
 */
record Kubeconfig(URI server, Optional<String> authorityPem, Optional<String> token, Optional<Credential> credential) {

    String text() {
        var config = Json.object().put("apiVersion", "v1").put("kind", "Config");
        var cluster =
                config.putArray("clusters").addObject().put("name", "fairlead").putObject("cluster");
        cluster.put("server", server.toString());
        authorityPem.ifPresent(pem -> cluster.put("certificate-authority-data", base64(pem)));
        var user = config.putArray("users").addObject().put("name", "fairlead").putObject("user");
        token.ifPresent(secret -> user.put("token", secret));
        credential.ifPresent(shown -> user.put("client-certificate-data", base64(shown.certificatePem()))
                .put("client-key-data", base64(shown.keyPem())));
        config.putArray("contexts")
                .addObject()
                .put("name", "fairlead")
                .putObject("context")
                .put("cluster", "fairlead")
                .put("user", "fairlead");
        config.put("current-context", "fairlead");
        // JSON is YAML, and quotes whatever a token may contain.
        return config.toPrettyString() + "\n";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
