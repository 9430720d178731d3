package io.fairlead.bench;

import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Input for nft that writes Services as kube-proxy 1.36 does in nftables mode: a chain for each Service port, in which one rule
 * holds all endpoints in a map of its own. IPv4, and cluster IPs with endpoints only, without affinity or local policies.
 */
final class KubeProxyLayout {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int HASH_LENGTH = 8;

    private static final String FRAME = """
            add table ip kube-proxy { comment "rules for kube-proxy" ; }
            add chain ip kube-proxy filter-prerouting-pre-dnat { type filter hook prerouting priority -110 ; }
            add chain ip kube-proxy filter-output-pre-dnat { type filter hook output priority -110 ; }
            add chain ip kube-proxy filter-input { type filter hook input priority 0 ; }
            add chain ip kube-proxy filter-forward { type filter hook forward priority 0 ; }
            add chain ip kube-proxy filter-output { type filter hook output priority 0 ; }
            add chain ip kube-proxy nat-prerouting { type nat hook prerouting priority -100 ; }
            add chain ip kube-proxy nat-output { type nat hook output priority -100 ; }
            add chain ip kube-proxy nat-postrouting { type nat hook postrouting priority 100 ; }
            add chain ip kube-proxy nodeport-endpoints-check
            add chain ip kube-proxy service-endpoints-check
            add chain ip kube-proxy firewall-check
            add chain ip kube-proxy services
            add chain ip kube-proxy masquerading
            add chain ip kube-proxy cluster-ips-check
            add chain ip kube-proxy reject-chain
            add set ip kube-proxy hairpin-connections { type ipv4_addr . ipv4_addr . inet_proto . inet_service ; }
            add set ip kube-proxy cluster-ips { type ipv4_addr ; }
            add set ip kube-proxy nodeport-ips { type ipv4_addr ; }
            add map ip kube-proxy no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict ; }
            add map ip kube-proxy no-endpoint-nodeports { type inet_proto . inet_service : verdict ; }
            add map ip kube-proxy firewall-ips { type ipv4_addr . inet_proto . inet_service : verdict ; }
            add map ip kube-proxy service-ips { type ipv4_addr . inet_proto . inet_service : verdict ; }
            add map ip kube-proxy service-nodeports { type inet_proto . inet_service : verdict ; }
            add rule ip kube-proxy filter-prerouting-pre-dnat ct state new jump firewall-check
            add rule ip kube-proxy filter-output-pre-dnat ct state new jump firewall-check
            add rule ip kube-proxy filter-input ct state new jump nodeport-endpoints-check
            add rule ip kube-proxy filter-input ct state new jump service-endpoints-check
            add rule ip kube-proxy filter-forward ct state new jump service-endpoints-check
            add rule ip kube-proxy filter-forward ct state new jump cluster-ips-check
            add rule ip kube-proxy filter-output ct state new jump service-endpoints-check
            add rule ip kube-proxy filter-output ct state new jump cluster-ips-check
            add rule ip kube-proxy nat-prerouting jump services
            add rule ip kube-proxy nat-output jump services
            add rule ip kube-proxy nat-postrouting jump masquerading
            add rule ip kube-proxy masquerading mark and 0x00004000 != 0 mark set mark xor 0x00004000 masquerade fully-random
            add rule ip kube-proxy masquerading ct status dnat ip saddr . ip daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random
            add rule ip kube-proxy cluster-ips-check ip daddr @cluster-ips reject
            add rule ip kube-proxy reject-chain reject
            add rule ip kube-proxy service-endpoints-check ip daddr . meta l4proto . th dport vmap @no-endpoint-services
            add rule ip kube-proxy nodeport-endpoints-check ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports
            add rule ip kube-proxy firewall-check ip daddr . meta l4proto . th dport vmap @firewall-ips
            add rule ip kube-proxy services ip daddr . meta l4proto . th dport vmap @service-ips
            add rule ip kube-proxy services ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
            """;

    private KubeProxyLayout() {}

    /** Everything, for a kernel without the table. */
    static String load(RoutingTable table) {
        var commands = new StringBuilder(FRAME);
        for (var ports : table.services().values()) {
            for (var port : ports) {
                begin(port, commands);
                addElements(port, commands);
                addRule(port, commands);
            }
        }
        return commands.toString();
    }

    /** A partial transaction: all chains of one Service again, whatever has changed of it. */
    static String rewrite(List<ServiceRouting> ports) {
        var commands = new StringBuilder();
        for (var port : ports) {
            begin(port, commands);
            addRule(port, commands);
        }
        return commands.toString();
    }

    private static void begin(ServiceRouting port, StringBuilder commands) {
        commands.append("add chain ip kube-proxy ").append(chain(port)).append('\n');
        commands.append("flush chain ip kube-proxy ").append(chain(port)).append('\n');
    }

    private static void addElements(ServiceRouting port, StringBuilder commands) {
        commands.append("add element ip kube-proxy cluster-ips { ")
                .append(port.clusterIp())
                .append(" }\n");
        commands.append("add element ip kube-proxy service-ips { ")
                .append(port.clusterIp())
                .append(" . ")
                .append(protocol(port))
                .append(" . ")
                .append(port.port())
                .append(" : goto ")
                .append(chain(port))
                .append(" }\n");
        for (var endpoint : port.endpoints().reachable()) {
            if (endpoint.local()) {
                var ip = endpoint.address();
                commands.append("add element ip kube-proxy hairpin-connections { %s . %s . %s . %d }%n"
                        .formatted(ip, ip, protocol(port), endpoint.port()));
            }
        }
    }

    private static void addRule(ServiceRouting port, StringBuilder commands) {
        var endpoints = port.endpoints().cluster();
        commands.append("add rule ip kube-proxy ")
                .append(chain(port))
                .append(" meta l4proto ")
                .append(protocol(port))
                .append(" dnat ip addr . port to numgen random mod ")
                .append(endpoints.size())
                .append(" map { ")
                .append(numbered(endpoints))
                .append(" }\n");
    }

    private static String numbered(List<RoutedEndpoint> endpoints) {
        var elements = new StringBuilder();
        for (int i = 0; i < endpoints.size(); i++) {
            var endpoint = endpoints.get(i);
            elements.append(i == 0 ? "" : " , ")
                    .append(i)
                    .append(" : ")
                    .append(endpoint.address())
                    .append(" . ")
                    .append(endpoint.port());
        }
        return elements.toString();
    }

    private static String protocol(ServiceRouting port) {
        return port.name().protocol().name().toLowerCase(Locale.ROOT);
    }

    private static String chain(ServiceRouting port) {
        var name =
                port.name().service() + "/" + protocol(port) + "/" + port.name().port();
        return "service-" + hash(name) + "-" + name;
    }

    /** The first eight letters of the SHA-256 sum in base 32. */
    private static String hash(String name) {
        try {
            var sum = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            long bits = 0;
            for (int i = 0; i < 5; i++) {
                bits = bits << 8 | sum[i] & 0xff;
            }
            long forty = bits;
            return IntStream.range(0, HASH_LENGTH)
                    .mapToObj(i -> String.valueOf(BASE32.charAt((int) (forty >> (35 - 5 * i) & 31))))
                    .collect(Collectors.joining());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
