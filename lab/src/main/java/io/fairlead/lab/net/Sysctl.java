package io.fairlead.lab.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Kernel settings of a namespace. */
final class Sysctl {

    private static final Path ROOT = Path.of("/proc/sys");

    /** Of each namespace since Linux 6.13, before of the machine; holds for ICMPv6 too. */
    private static final String ICMP_TOTAL = "net.ipv4.icmp_msgs_per_sec";

    private Sysctl() {}

    /** Prepares a new namespace before it has interfaces: predictable, and no waiting. */
    static void prepare(NamespaceThread thread) {
        thread.call(() -> {
            base().forEach(Sysctl::write);
            return thread;
        });
    }

    private static Map<String, String> base() {
        var settings = new LinkedHashMap<String, String>();
        for (var scope : new String[] {"all", "default"}) {
            // Duplicate address detection would keep an address unusable for its first second or two.
            settings.put("net.ipv6.conf." + scope + ".accept_dad", "0");
            settings.put("net.ipv6.conf." + scope + ".accept_ra", "0");
            // A redirect past the node would take the later packets of a flow around its rules.
            settings.put("net.ipv6.conf." + scope + ".accept_redirects", "0");
            settings.put("net.ipv4.conf." + scope + ".accept_redirects", "0");
            settings.put("net.ipv4.conf." + scope + ".send_redirects", "0");
            settings.put("net.ipv4.conf." + scope + ".rp_filter", "0");
        }
        // Without limits: every refused connection of a test is to be answered, not the first few of a second.
        settings.put("net.ipv4.icmp_ratemask", "0");
        settings.put("net.ipv6.icmp.ratelimit", "0");
        if (Files.exists(file(ICMP_TOTAL))) {
            settings.put(ICMP_TOTAL, "1000000");
            settings.put("net.ipv4.icmp_msgs_burst", "100000");
        }
        return settings;
    }

    static Map<String, String> forwarding() {
        return Map.of("net.ipv4.ip_forward", "1", "net.ipv6.conf.all.forwarding", "1");
    }

    /** Whether bridged packets pass iptables; only where the kernel has br_netfilter. */
    static Map<String, String> bridgeNetfilter(boolean on) {
        String value = on ? "1" : "0";
        return Map.of("net.bridge.bridge-nf-call-iptables", value, "net.bridge.bridge-nf-call-ip6tables", value);
    }

    static boolean hasBridgeNetfilter() {
        return Files.exists(file("net.bridge.bridge-nf-call-iptables"));
    }

    /** @throws UncheckedIOException when a setting is unknown or its value refused */
    static void write(NetworkNamespace namespace, Map<String, String> settings) {
        namespace.call(() -> {
            settings.forEach(Sysctl::write);
            return settings;
        });
    }

    private static Path file(String key) {
        return ROOT.resolve(key.replace('.', '/'));
    }

    private static void write(String key, String value) {
        try {
            Files.writeString(file(key), value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("sysctl " + key + "=" + value + ": " + e.getMessage(), e);
        }
    }
}
