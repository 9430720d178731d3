package io.fairlead.proxy.nftables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServicePortName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names inside the table. What is of the same kind as in kube-proxy has kube-proxy's name (spec sections 1.3 to 1.7). Chains
 * that come and go have a slash in theirs, which kube-proxy takes for one of its own and removes.
 */
final class Names {

    static final String TABLE = "kube-proxy";

    static final String CLUSTER_IPS = "cluster-ips";
    static final String NODE_PORT_IPS = "nodeport-ips";
    static final String HAIRPIN = "hairpin-connections";
    static final String SERVICE_IPS = "service-ips";
    static final String SERVICE_NODE_PORTS = "service-nodeports";
    static final String NO_ENDPOINT_SERVICES = "no-endpoint-services";
    static final String NO_ENDPOINT_NODE_PORTS = "no-endpoint-nodeports";
    static final String FIREWALL_IPS = "firewall-ips";

    /** Ours alone: the endpoints of each Service port by address, protocol, port and index. */
    static final String SERVICE_ENDPOINTS = "service-endpoints";

    /** Those on this node, for traffic under policy Local. */
    static final String SERVICE_LOCAL_ENDPOINTS = "service-local-endpoints";

    /** The same by protocol, node port and index. */
    static final String NODE_PORT_ENDPOINTS = "nodeport-endpoints";

    static final String NODE_PORT_LOCAL_ENDPOINTS = "nodeport-local-endpoints";

    static final String REJECT = "reject-chain";
    static final String SERVICES = "services";
    static final String MASQUERADING = "masquerading";
    static final String NODE_PORT_ENDPOINTS_CHECK = "nodeport-endpoints-check";
    static final String SERVICE_ENDPOINTS_CHECK = "service-endpoints-check";
    static final String FIREWALL_CHECK = "firewall-check";
    static final String CLUSTER_IPS_CHECK = "cluster-ips-check";

    static final String AFFINITY_PREFIX = "affinity-";

    private static final char[] BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".toCharArray(); // RFC 4648
    private static final int HASH_CHARACTERS = 8;
    private static final Pattern OF_SERVICE = Pattern.compile(
            "[a-z]+-[A-Z2-7]{" + HASH_CHARACTERS + "}-([a-z0-9.-]{1,253})/([a-z0-9.-]{1,253})/(tcp|udp|sctp)/");

    /** kube-proxy leaves room for its longest prefix below the kernel's 256. */
    private static final int MAX_LENGTH = 240;

    private Names() {}

    /** Whether a chain is one of those that come and go with Services. */
    static boolean comesAndGoes(String chain) {
        return chain.indexOf('/') >= 0;
    }

    static boolean isAffinitySet(String set) {
        return set.startsWith(AFFINITY_PREFIX);
    }

    /** What all chains of a Service port have behind their prefix. */
    static String of(ServicePortName port) {
        return hashed(text(port));
    }

    /** What the chain and the set of an endpoint have behind their prefix. */
    static String of(ServicePortName port, RoutedEndpoint endpoint) {
        return hashed(text(port) + "__" + endpoint.address().toString().replace(':', '.') + "/" + endpoint.port());
    }

    /** The Service that the name of a chain or set tells, as {@link #of} makes it; names that are too long do not. */
    static Optional<NamespacedName> serviceOf(String name) {
        var found = OF_SERVICE.matcher(name);
        return found.lookingAt() ? Optional.of(new NamespacedName(found.group(1), found.group(2))) : Optional.empty();
    }

    private static String text(ServicePortName port) {
        return port.service() + "/" + port.protocol().text() + "/" + port.port();
    }

    private static String hashed(String text) {
        var digest = sha256(text);
        var name = new StringBuilder(HASH_CHARACTERS + 1 + text.length());
        for (int i = 0; i < HASH_CHARACTERS; i++) {
            int bit = i * 5;
            int window = (digest[bit / 8] & 0xff) << 8 | digest[bit / 8 + 1] & 0xff;
            name.append(BASE32[window >>> 11 - bit % 8 & 31]);
        }
        name.append('-').append(text);
        return name.length() <= MAX_LENGTH ? name.toString() : name.substring(0, MAX_LENGTH - 3) + "...";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
