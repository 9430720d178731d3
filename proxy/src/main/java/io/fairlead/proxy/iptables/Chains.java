package io.fairlead.proxy.iptables;

import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServicePortName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;

/** Names of kube-proxy's chains (spec section 3.1 and 3.2). */
final class Chains {

    static final String SERVICES = "KUBE-SERVICES";
    static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";
    static final String FORWARD = "KUBE-FORWARD";
    static final String NODE_PORTS = "KUBE-NODEPORTS";
    static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";
    static final String FIREWALL = "KUBE-FIREWALL";
    static final String POSTROUTING = "KUBE-POSTROUTING";
    static final String MARK_MASQ = "KUBE-MARK-MASQ";
    static final String CANARY = "KUBE-PROXY-CANARY";

    /**
     * Prefixes of the chains that belong to one Service port, a chain before those it jumps to: emptied and deleted in this
     * order, none is still in use.
     */
    static final List<String> SERVICE_PREFIXES =
            List.of("KUBE-FW-", "KUBE-EXT-", "KUBE-SVC-", "KUBE-SVL-", "KUBE-SEP-");

    /** The order in which chains that belong to a Service port can be deleted one by one. */
    static final Comparator<String> JUMPING_BEFORE_JUMPED_TO =
            Comparator.comparingInt(Chains::prefixIndex).thenComparing(Comparator.naturalOrder());

    private static final char[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray(); // RFC 4648
    private static final int HASH_CHARACTERS = 16;

    private Chains() {}

    static boolean belongsToAService(String chain) {
        return chain.startsWith("KUBE-") && SERVICE_PREFIXES.stream().anyMatch(chain::startsWith);
    }

    private static int prefixIndex(String chain) {
        for (int i = 0; i < SERVICE_PREFIXES.size(); i++) {
            if (chain.startsWith(SERVICE_PREFIXES.get(i))) {
                return i;
            }
        }
        return SERVICE_PREFIXES.size();
    }

    /** The part that the firewall, external, cluster and local policy chain of a Service port share. */
    static String hash(ServicePortName port) {
        return hash16(port + port.protocol().text());
    }

    static String endpoint(ServicePortName port, RoutedEndpoint endpoint) {
        return "KUBE-SEP-" + hash16(port + port.protocol().text() + endpoint.text());
    }

    /** The first 16 characters of the base32 text of SHA-256: 80 bits, so there is never padding. */
    private static String hash16(String text) {
        var digest = sha256(text);
        var name = new char[HASH_CHARACTERS];
        for (int i = 0; i < HASH_CHARACTERS; i++) {
            int bit = i * 5;
            int window = (digest[bit / 8] & 0xff) << 8 | digest[bit / 8 + 1] & 0xff;
            name[i] = BASE32[window >>> 11 - bit % 8 & 31];
        }
        return new String(name);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
