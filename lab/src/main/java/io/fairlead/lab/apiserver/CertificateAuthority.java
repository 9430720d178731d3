package io.fairlead.lab.apiserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes certificates at run time: its own, servers' and clients' (X.509 v3, RFC 5280). Clients' keys are RSA, as
 * kubeadm's are, because some client libraries take a PKCS #8 key for RSA unseen; the others are EC, which are made faster.
 */
public final class CertificateAuthority {

    private static final int RSA_BITS = 2048;
    private static final int EC_BITS = 256;
    private static final Duration VALIDITY = Duration.ofDays(365);
    // Clocks differ between machines.
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2")); // RFC 5758
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ORGANIZATION = "2.5.4.10";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final KeyPair keys;
    private final byte[] name;
    private final X509Certificate certificate;

    private CertificateAuthority(String commonName) throws GeneralSecurityException {
        this.keys = newKeys("EC", EC_BITS);
        this.name = Der.sequence(attribute(COMMON_NAME, commonName));
        var constraints = extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true)));
        // keyCertSign and cRLSign, bits 5 and 6.
        var usage = extension(KEY_USAGE, true, Der.bits(new byte[] {0x06}, 1));
        this.certificate = sign(name, keys, List.of(constraints, usage));
    }

    /** A new authority with a self-signed certificate. */
    public static CertificateAuthority create(String commonName) {
        try {
            return new CertificateAuthority(commonName);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate authority " + commonName, e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String certificatePem() {
        return Credential.pem(certificate);
    }

    /** A certificate for a server that is reached under these names and addresses. */
    public Credential issueServer(List<String> dnsNames, List<InetAddress> addresses) {
        var names = new ArrayList<byte[]>();
        // GeneralName: dNSName [2], iPAddress [7].
        dnsNames.forEach(dns -> names.add(Der.implicit(2, dns.getBytes(StandardCharsets.US_ASCII))));
        addresses.forEach(address -> names.add(Der.implicit(7, address.getAddress())));
        var alternatives = extension(SUBJECT_ALTERNATIVE_NAME, false, Der.sequence(names.toArray(byte[][]::new)));
        var subject = Der.sequence(attribute(COMMON_NAME, "kube-apiserver"));
        return issue("EC", EC_BITS, subject, SERVER_AUTH, List.of(alternatives));
    }

    /** A certificate for a client; Kubernetes reads the user from the common name, groups from organizations. */
    public Credential issueClient(String user, List<String> groups) {
        var attributes = new ArrayList<byte[]>();
        groups.forEach(group -> attributes.add(attribute(ORGANIZATION, group)));
        attributes.add(attribute(COMMON_NAME, user));
        var subject = Der.sequence(attributes.toArray(byte[][]::new));
        return issue("RSA", RSA_BITS, subject, CLIENT_AUTH, List.of());
    }

    /** A TLS context that shows a credential, of whichever authority, and believes this authority. */
    public SSLContext context(Credential credential) {
        return context(List.of(credential));
    }

    /** A TLS context that shows nothing and believes this authority. */
    public SSLContext context() {
        return context(List.of());
    }

    private SSLContext context(List<Credential> shown) {
        try {
            var own = emptyKeyStore();
            for (var credential : shown) {
                // The authority itself is known to the other side, or it is not believed anyway.
                var chain = new X509Certificate[] {credential.certificate()};
                own.setKeyEntry("own", credential.key(), new char[0], chain);
            }
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(own, new char[0]);
            var believed = emptyKeyStore();
            believed.setCertificateEntry("authority", certificate);
            var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(believed);
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS context of " + certificate.getSubjectX500Principal(), e);
        }
    }

    private Credential issue(String algorithm, int bits, byte[] subject, String purpose, List<byte[]> moreExtensions) {
        try {
            var subjectKeys = newKeys(algorithm, bits);
            var extensions = new ArrayList<>(moreExtensions);
            // digitalSignature and keyEncipherment, bits 0 and 2.
            extensions.add(extension(KEY_USAGE, true, Der.bits(new byte[] {(byte) 0xa0}, 5)));
            extensions.add(extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(purpose))));
            return new Credential(sign(subject, subjectKeys, extensions), subjectKeys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificate by " + certificate.getSubjectX500Principal(), e);
        }
    }

    private X509Certificate sign(byte[] subject, KeyPair subjectKeys, List<byte[]> extensions)
            throws GeneralSecurityException {
        var now = Instant.now();
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(127, new SecureRandom())),
                ECDSA_WITH_SHA256,
                name,
                Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(now.plus(VALIDITY))),
                subject,
                subjectKeys.getPublic().getEncoded(),
                Der.tagged(3, Der.sequence(extensions.toArray(byte[][]::new))));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] encoded = Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign(), 0));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static byte[] attribute(String type, String value) {
        return Der.set(Der.sequence(Der.oid(type), Der.utf8(value)));
    }

    private static byte[] extension(String id, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(id), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(id), Der.octets(value));
    }

    private static KeyPair newKeys(String algorithm, int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static KeyStore emptyKeyStore() throws GeneralSecurityException {
        try {
            // Never leaves memory; PKCS #12 would take most of a second to encrypt the key against nobody.
            var store = KeyStore.getInstance("JKS");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store", e);
        }
    }
}
