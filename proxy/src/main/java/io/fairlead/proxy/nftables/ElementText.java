package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.proxy.cluster.Protocol;
import java.util.ArrayList;
import java.util.List;

/** Keys of elements as nft writes them: {@code 10.96.0.10 . tcp . 53}. */
final class ElementText {

    private ElementText() {}

    /** With its value, if it has one. */
    static String of(NftSet set, Element element) {
        return key(set, element.key())
                + element.value()
                        .map(value -> " : "
                                + switch (value) {
                                    case Data data -> text(set.value(), data);
                                    case Verdict verdict -> verdict.toString();
                                })
                        .orElse("");
    }

    static String key(NftSet set, Data key) {
        return text(set.key(), key);
    }

    private static String text(List<DataType> types, Data data) {
        if (data.length() != DataType.concatenatedLength(types)) {
            return data.toString();
        }
        var parts = new ArrayList<String>(types.size());
        int at = 0;
        for (var type : types) {
            parts.add(text(type, data.slice(at, type.length())));
            at += Data.padded(type.length());
        }
        return String.join(" . ", parts);
    }

    private static String text(DataType type, Data part) {
        if (type.equals(DataType.IPV4_ADDR) || type.equals(DataType.IPV6_ADDR)) {
            return IpAddress.ofBytes(part.toBytes()).toString();
        }
        if (type.equals(DataType.INET_PROTO)) {
            for (var protocol : Protocol.values()) {
                if (Place.number(protocol) == part.at(0)) {
                    return protocol.text();
                }
            }
        }
        return Long.toString(type.hostOrder() ? part.hostEndian() : part.bigEndian());
    }
}
