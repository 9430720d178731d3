package io.fairlead.netfilter.iptables;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Route types in the order in which iptables prints them. */
final class AddressTypes {

    private static final List<String> ORDER = List.of(
            "UNSPEC",
            "UNICAST",
            "LOCAL",
            "BROADCAST",
            "ANYCAST",
            "MULTICAST",
            "BLACKHOLE",
            "UNREACHABLE",
            "PROHIBIT",
            "THROW",
            "NAT",
            "XRESOLVE");

    private AddressTypes() {}

    static String text(Set<String> types) {
        return types.stream()
                .sorted(Comparator.<String>comparingInt(ORDER::indexOf).thenComparing(Comparator.naturalOrder()))
                .collect(Collectors.joining(","));
    }
}
