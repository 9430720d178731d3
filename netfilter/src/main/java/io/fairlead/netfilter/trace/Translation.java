package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code --to-destination} names: addresses {@code first} to {@code last}, ports likewise.
 *
 * @param first absent when only ports are rewritten
 * @param ports absent when the port stays
 */
record Translation(Optional<IpAddress> first, Optional<IpAddress> last, Optional<Ports> ports) {

    /** Inclusive. */
    record Ports(int first, int last) {}

    /** A range of more addresses is not spelled out. */
    private static final int MOST_ADDRESSES = 256;

    /** {@code 10.0.0.1}, {@code 10.0.0.1:80}, {@code [fd00::1]:80}, {@code 10.0.0.1-10.0.0.9:80-90} or {@code :80}. */
    static Optional<Translation> parse(String text) {
        int colon = portColon(text);
        var addresses =
                (colon < 0 ? text : text.substring(0, colon)).replace("[", "").replace("]", "");
        Optional<Ports> ports = Optional.empty();
        if (colon >= 0) {
            ports = ports(text.substring(colon + 1));
            if (ports.isEmpty()) {
                return Optional.empty();
            }
        }
        if (addresses.isEmpty()) {
            return Optional.of(new Translation(Optional.empty(), Optional.empty(), ports));
        }
        int dash = addresses.indexOf('-');
        var first = IpAddress.tryParse(dash < 0 ? addresses : addresses.substring(0, dash));
        var last = dash < 0 ? first : IpAddress.tryParse(addresses.substring(dash + 1));
        boolean sound = first.isPresent()
                && last.isPresent()
                && first.get().family() == last.get().family()
                && first.get().compareTo(last.get()) <= 0;
        return sound ? Optional.of(new Translation(first, last, ports)) : Optional.empty();
    }

    private static int portColon(String text) {
        int bracket = text.lastIndexOf(']');
        if (bracket >= 0) {
            return text.startsWith(":", bracket + 1) ? bracket + 1 : -1;
        }
        int colon = text.indexOf(':');
        return colon == text.lastIndexOf(':') ? colon : -1;
    }

    static Optional<Ports> ports(String text) {
        int slash = text.indexOf('/');
        var range = slash < 0 ? text : text.substring(0, slash);
        int dash = range.indexOf('-');
        long first = Numbers.number(dash < 0 ? range : range.substring(0, dash));
        long last = dash < 0 ? first : Numbers.number(range.substring(dash + 1));
        return 0 <= first && first <= last && last <= 65535
                ? Optional.of(new Ports((int) first, (int) last))
                : Optional.empty();
    }

    /** Where a packet may be sent, all equally likely; empty when that is too many. */
    Optional<List<Endpoint>> candidates(Endpoint now) {
        int port = ports.map(range -> port(now.port(), range)).orElse(now.port());
        if (first.isEmpty() || last.isEmpty()) {
            return Optional.of(List.of(new Endpoint(now.address(), port)));
        }
        var from = first.get();
        var to = last.get();
        long more = to.low() - from.low();
        if (from.high() != to.high() || more < 0 || more >= MOST_ADDRESSES) {
            return Optional.empty();
        }
        var candidates = new ArrayList<Endpoint>();
        for (long i = 0; i <= more; i++) {
            var address = from.family() == IpFamily.IPV4
                    ? IpAddress.v4((int) (from.low() + i))
                    : new IpAddress(IpFamily.IPV6, from.high(), from.low() + i);
            candidates.add(new Endpoint(address, port));
        }
        return Optional.of(candidates);
    }

    /** The kernel keeps a port that lies in the range, and otherwise begins at its first (nf_nat_core.c). */
    private static int port(int now, Ports range) {
        return range.first() <= now && now <= range.last() ? now : range.first();
    }
}
