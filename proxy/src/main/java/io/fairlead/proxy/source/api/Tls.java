package io.fairlead.proxy.source.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes a TLS context from PEM texts. */
final class Tls {

    private Tls() {}

    static SSLContext context(Settings settings) throws ApiConfigException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers(settings), trustManagers(settings), null);
            return context;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            // Not the message: it may quote key material.
            throw new ApiConfigException(settings.server() + ": certificate authority, client certificate or key is not"
                    + " usable PEM (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static KeyManager @Nullable [] keyManagers(Settings settings) throws GeneralSecurityException, IOException {
        if (settings.clientCertificate().isEmpty() || settings.clientKey().isEmpty()) {
            return null;
        }
        var chain = certificates(settings.clientCertificate().get()).toArray(Certificate[]::new);
        var key = Pem.privateKey(
                settings.clientKey().get(), chain[0].getPublicKey().getAlgorithm());
        var store = emptyStore();
        store.setKeyEntry("client", key, new char[0], chain);
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trustManagers(Settings settings)
            throws GeneralSecurityException, IOException {
        if (settings.insecure()) {
            return new TrustManager[] {new TrustAnyone()};
        }
        Optional<String> authority = settings.authority();
        if (authority.isEmpty()) {
            return null;
        }
        var store = emptyStore();
        int number = 0;
        for (var certificate : certificates(authority.get())) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Collection<? extends Certificate> certificates(String pem) throws GeneralSecurityException {
        var certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
        return certificates;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** For insecure-skip-tls-verify; being an extended manager it also ends the check of the host name. */
    private static final class TrustAnyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
