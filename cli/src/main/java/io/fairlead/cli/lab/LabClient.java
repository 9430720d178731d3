package io.fairlead.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Requests to a lab's API server, by the kubeconfig that the lab has written (JSON, an RSA client certificate). */
final class LabClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private final URI server;
    private final HttpClient http;

    LabClient(Path kubeconfig) throws IOException {
        var config = JSON.readTree(kubeconfig.toFile());
        var cluster = config.path("clusters").path(0).path("cluster");
        this.server = URI.create(cluster.path("server").asText());
        try {
            this.http = HttpClient.newBuilder()
                    .sslContext(context(cluster, config.path("users").path(0).path("user")))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException(kubeconfig + ": " + e.getMessage(), e);
        }
    }

    private static SSLContext context(JsonNode cluster, JsonNode user) throws IOException, GeneralSecurityException {
        var believed = emptyStore();
        believed.setCertificateEntry("authority", certificate(cluster.path("certificate-authority-data")));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        var own = emptyStore();
        var key = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(pem(user.path("client-key-data"))));
        var chain = new Certificate[] {certificate(user.path("client-certificate-data"))};
        own.setKeyEntry("own", key, new char[0], chain);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(JsonNode data) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(data.asText())));
    }

    /** What is between the lines of dashes. */
    private static byte[] pem(JsonNode data) {
        String text = new String(Base64.getDecoder().decode(data.asText()), StandardCharsets.US_ASCII);
        return Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
    }

    /** @throws ApiRefusal when the server answers with an error */
    JsonNode get(String path) throws IOException {
        return JSON.readTree(send(request(path).GET()));
    }

    /** With the columns that the server shows. */
    JsonNode table(String path) throws IOException {
        return JSON.readTree(send(request(path).setHeader("Accept", AS_TABLE).GET()));
    }

    String text(String path) throws IOException {
        return send(request(path).GET());
    }

    JsonNode create(String path, ObjectNode object) throws IOException {
        return JSON.readTree(send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(object.toString()))));
    }

    void delete(String path) throws IOException {
        send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path)).header("Accept", "application/json");
    }

    private String send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new ApiRefusal(message(response.body()));
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static String message(String body) {
        JsonNode status;
        try {
            status = JSON.readTree(body);
        } catch (IOException e) {
            status = JsonNodeFactory.instance.objectNode();
        }
        String reason = status.path("reason").asText("");
        String message = status.path("message").asText(body);
        return reason.isEmpty() ? message : "Error from server (" + reason + "): " + message;
    }

    /** The server said no; the message is what kubectl prints. */
    static final class ApiRefusal extends IOException {
        ApiRefusal(String message) {
            super(message);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
