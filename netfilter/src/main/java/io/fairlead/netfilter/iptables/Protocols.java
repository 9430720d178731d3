package io.fairlead.netfilter.iptables;

import java.util.Locale;

/** Protocol names and numbers as iptables itself knows them, without /etc/protocols. */
final class Protocols {

    private Protocols() {}

    /** The name that a listing prints; {@code all} for no condition at all. */
    static String canonical(String protocol) {
        var name = protocol.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "0" -> "all";
            case "1" -> "icmp";
            case "6" -> "tcp";
            case "17" -> "udp";
            case "50" -> "esp";
            case "51" -> "ah";
            case "58", "icmpv6" -> "ipv6-icmp";
            case "132" -> "sctp";
            case "136" -> "udplite";
            default -> name;
        };
    }
}
