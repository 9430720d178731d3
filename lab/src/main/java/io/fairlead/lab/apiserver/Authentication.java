package io.fairlead.lab.apiserver;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is let in: everybody, or bearers of a token, or holders of a certificate of the server's authority. All of it can
 * change while the server runs; requests begun before, watches among them, go on.
 */
public final class Authentication {

    private final boolean open;
    private final boolean certificates;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();

    /** @param certificates whether client certificates count; the TLS layer has verified those presented */
    Authentication(Set<String> tokens, boolean certificates) {
        this.open = tokens.isEmpty() && !certificates;
        this.certificates = certificates;
        this.tokens.addAll(tokens);
    }

    public void addToken(String token) {
        tokens.add(token);
    }

    /** The token gets 401 from now on; a server that began with tokens does not become open by losing the last. */
    public void revokeToken(String token) {
        tokens.remove(token);
    }

    /** The certificate gets 401 from now on. */
    public void revoke(X509Certificate certificate) {
        revoked.add(certificate.getSerialNumber());
    }

    boolean acceptsCertificates() {
        return certificates;
    }

    Optional<String> anyToken() {
        return tokens.stream().findFirst();
    }

    boolean accepts(Optional<String> token, Optional<X509Certificate> certificate) {
        return open
                || token.filter(tokens::contains).isPresent()
                || certificates
                        && certificate
                                .filter(c -> !revoked.contains(c.getSerialNumber()))
                                .isPresent();
    }
}
