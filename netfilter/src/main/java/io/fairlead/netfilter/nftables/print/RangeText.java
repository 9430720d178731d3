package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import java.util.List;

/** Ranges as nft writes them: a prefix where there is one, else from and to. */
final class RangeText {

    private RangeText() {}

    /** @param last part of the range */
    static String of(DataType type, Data first, Data last) {
        if (first.equals(last)) {
            return ValueText.one(type, first);
        }
        boolean address = type.equals(DataType.IPV4_ADDR) || type.equals(DataType.IPV6_ADDR);
        int length = address ? prefixLength(first, last) : -1;
        return length < 0
                ? ValueText.one(type, first) + "-" + ValueText.one(type, last)
                : ValueText.one(type, first) + "/" + length;
    }

    static String concatenated(List<DataType> types, Data first, Data last) {
        var text = new StringBuilder();
        int at = 0;
        for (var type : types) {
            if (at + type.length() > Math.min(first.length(), last.length())) {
                return "0x" + first + "-0x" + last;
            }
            text.append(text.isEmpty() ? "" : " . ")
                    .append(of(type, first.slice(at, type.length()), last.slice(at, type.length())));
            at += Data.padded(type.length());
        }
        return text.toString();
    }

    /** @return -1 when it is no prefix */
    static int prefixLength(Data first, Data last) {
        int bit = 0;
        int bits = first.length() * 8;
        if (first.length() != last.length()) {
            return -1;
        }
        while (bit < bits && bit(first, bit) == bit(last, bit)) {
            bit++;
        }
        int length = bit;
        for (; bit < bits; bit++) {
            if (bit(first, bit) != 0 || bit(last, bit) != 1) {
                return -1;
            }
        }
        return length;
    }

    private static int bit(Data data, int index) {
        return data.at(index / 8) >>> 7 - index % 8 & 1;
    }

    /** The value before one; of the lowest, the highest. */
    static Data before(Data value) {
        var bytes = value.toBytes();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i]-- != 0) {
                break;
            }
        }
        return Data.of(bytes);
    }
}
