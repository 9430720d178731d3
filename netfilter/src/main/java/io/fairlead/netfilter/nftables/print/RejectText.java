package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Reject;
import java.util.Map;

/** {@code reject with icmp host-unreachable} and its like. */
final class RejectText {

    private static final Map<Integer, String> ICMP = Map.of(
            0, "net-unreachable",
            1, "host-unreachable",
            2, "prot-unreachable",
            3, "port-unreachable",
            9, "net-prohibited",
            10, "host-prohibited",
            13, "admin-prohibited");

    private static final Map<Integer, String> ICMPV6 = Map.of(
            0, "no-route",
            1, "admin-prohibited",
            3, "addr-unreachable",
            4, "port-unreachable",
            5, "policy-fail",
            6, "reject-route");

    private static final Map<Integer, String> ICMPX =
            Map.of(0, "no-route", 1, "port-unreachable", 2, "host-unreachable", 3, "admin-prohibited");

    private RejectText() {}

    static String of(Family family, Reject reject) throws Unprintable {
        if (isDefault(family, reject)) {
            return "reject";
        }
        return switch (reject.type()) {
            case TCP_RESET -> "reject with tcp reset";
            case ICMPX -> "reject with icmpx " + name(ICMPX, reject.code());
            case ICMP ->
                switch (family) {
                    case IP -> "reject with icmp " + name(ICMP, reject.code());
                    case IP6 -> "reject with icmpv6 " + name(ICMPV6, reject.code());
                    default -> throw new Unprintable("ICMP code " + reject.code() + " in a table of family " + family);
                };
        };
    }

    private static boolean isDefault(Family family, Reject reject) {
        return switch (family) {
            case IP -> reject.equals(Reject.portUnreachable(IpFamily.IPV4));
            case IP6 -> reject.equals(Reject.portUnreachable(IpFamily.IPV6));
            default -> reject.equals(new Reject(Reject.Type.ICMPX, 1));
        };
    }

    private static String name(Map<Integer, String> names, int code) throws Unprintable {
        var name = names.get(code);
        if (name == null) {
            throw new Unprintable("code " + code);
        }
        return name;
    }
}
