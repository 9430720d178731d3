package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.SetRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Prefixes of one family as a set of ranges (spec section 5.6): what overlaps or touches becomes one range, because the
 * kernel refuses overlaps.
 */
final class AddressRanges {

    /** Addresses in network order, both part of it. */
    private record Range(Data first, Data last) {}

    private final List<IpPrefix> prefixes;
    private final List<Range> merged = new ArrayList<>();

    private AddressRanges(List<IpPrefix> prefixes) {
        this.prefixes = prefixes;
        prefixes.stream()
                .map(prefix -> new Range(Data.of(prefix.address()), last(prefix)))
                .sorted(Comparator.comparing(Range::first))
                .forEach(this::add);
    }

    /** @param prefixes at least one */
    static AddressRanges of(List<IpPrefix> prefixes) {
        return new AddressRanges(prefixes);
    }

    /** The one prefix that says it all, if there is one: nft compares with it, and makes no set. */
    Optional<IpPrefix> single() {
        if (merged.size() > 1) {
            return Optional.empty();
        }
        var only = merged.getFirst();
        return prefixes.stream()
                .filter(prefix -> Data.of(prefix.address()).equals(only.first())
                        && last(prefix).equals(only.last()))
                .findFirst();
    }

    /** A set for one rule. */
    SetRef set(DataType address) {
        var elements = new ArrayList<Element>(merged.size() * 2);
        for (var range : merged) {
            elements.add(Element.of(range.first()));
            after(range.last()).map(Element::endOfRange).ifPresent(elements::add);
        }
        return new SetRef.Anonymous(List.of(address), List.of(), true, elements);
    }

    private void add(Range range) {
        if (!merged.isEmpty()) {
            var before = merged.getLast();
            boolean touches = after(before.last())
                    .map(next -> range.first().compareTo(next) <= 0)
                    .orElse(true);
            if (touches) {
                var last = before.last().compareTo(range.last()) >= 0 ? before.last() : range.last();
                merged.set(merged.size() - 1, new Range(before.first(), last));
                return;
            }
        }
        merged.add(range);
    }

    private static Data last(IpPrefix prefix) {
        var bytes = prefix.address().toBytes();
        for (int i = prefix.length(); i < bytes.length * 8; i++) {
            bytes[i / 8] |= (byte) (0x80 >>> i % 8);
        }
        return Data.of(bytes);
    }

    /** Empty behind the highest address. */
    private static Optional<Data> after(Data address) {
        var bytes = address.toBytes();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (++bytes[i] != 0) {
                return Optional.of(Data.of(bytes));
            }
        }
        return Optional.empty();
    }
}
