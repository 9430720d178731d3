package io.fairlead.proxy.source.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PemTest {

    // Made for this test with openssl; they open nothing.
    private static final String EC = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIIWghIYEgBWou73wZGMDlW7vhqvCF4l7iXpY28WNeYW+oAoGCCqGSM49
            AwEHoUQDQgAE0aOP8qRzFz62EwItNGr1IE8g+l5DOptNymbd4FmEOR+HNayQvdOA
            0x4TJg+vg3Ws4KZjtbMog/GbDSNziPuTqw==
            -----END EC PRIVATE KEY-----
            """;
    private static final String RSA = """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXAIBAAKBgQDDasBvXyRwcIIoynEgSM6WeO3kNykoqcC45Y7T63XpKr/MHoAj
            oHb6KxpfmtHxE1hJyrX/5EFDEztTzqwv5ZKNLHhL6GizLZkrovmKP41O/EY3s/YN
            xECXGyD+TefZyR5IcjWngsxh9IGMuJUC2Nq3UBUW9EsEbpEzhieFEQ9bvQIDAQAB
            AoGAbbxKp7/jtIhZbxKPiDOaXwE1hYw8Pqtkn++4zuRQaEkrPzJ5fogjh8QgoUNN
            VXUphPaiUToaM9Je5GcQZi0ip8zlKgZBlNK9ulYl3mWzsgzbBxGATDkPvzlxt7f/
            JyNEWf77o2i5bBZrpv+69Xm1rmb3lAx6BDZauDF1vnkTWsECQQDlEJB5cxXRzo8h
            6KTgmlE0hfiJkyv+vcE8XtW1BStGz0lVIZj98eOSngIqXYlMwM+/XINSDUe8tj4D
            qhQUlEQFAkEA2mVOFj5XMlfJJklyFS+C8eI/t+gNYIkw/MK8HHY6Pbl8ful/DYzC
            lN2B4OlgceHklWVKabqfdmNA/x3g2Wi+WQJABpeJcNVNBXKqT9GAHS6Ts60/T8Y6
            d+RCEVixUbpKWolQlPCYlIZHhEqjyVBTyS+rStiAtvXG4Lll43kbhtQVeQJARs23
            HjEB1flt5jLDgKjRnBfMrpPV2mk/74I2uEeAJEjBWufaYAs1fku98qvWr7UbhW+8
            S0DMt/X/uXX3UqTJqQJBAMJSNPOf97Qg79r67BM0wwmbWo1CP8YjyD8Rrp4kQQg+
            OX7ZZeHATLh/4P1TSCjEEm21L0OMqYQSLA7UXpP28x8=
            -----END RSA PRIVATE KEY-----
            """;

    @Test
    void readsKeysAsOpensslAndKubeadmWriteThem() throws Exception {
        assertThat(((ECPrivateKey) Pem.privateKey(EC, "EC"))
                        .getParams()
                        .getCurve()
                        .getField()
                        .getFieldSize())
                .isEqualTo(256);
        assertThat(((RSAPrivateKey) Pem.privateKey(RSA, "RSA")).getModulus().bitLength())
                .isEqualTo(1024);
    }

    @Test
    void readsPkcs8() throws Exception {
        var key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        var pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";

        assertThat(Pem.privateKey(pem, "EC")).isEqualTo(key);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> Pem.privateKey("-----BEGIN CERTIFICATE-----", "EC"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
