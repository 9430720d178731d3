package io.fairlead.lab.dns;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.Optional;

/** The names under which addresses are asked back: {@code 1.0.96.10.in-addr.arpa} (RFC 1035, 3.5; RFC 3596, 2.5). */
final class ReverseName {

    private static final int IPV4_LABELS = 4;
    private static final int IPV6_LABELS = 32;

    private ReverseName() {}

    static Optional<IpAddress> parse(DnsName name) {
        var labels = name.lower().labels();
        var digits = labels.subList(0, labels.size() - 2).reversed();
        boolean four = labels.contains("in-addr");
        if (digits.size() != (four ? IPV4_LABELS : IPV6_LABELS)) {
            return Optional.empty();
        }
        if (four) {
            return IpAddress.tryParse(String.join(".", digits));
        }
        var text = new StringBuilder();
        for (int i = 0; i < digits.size(); i++) {
            if (i > 0 && i % 4 == 0) {
                text.append(':');
            }
            text.append(digits.get(i));
        }
        return text.length() == IPV6_LABELS + 7 ? IpAddress.tryParse(text.toString()) : Optional.empty();
    }
}
