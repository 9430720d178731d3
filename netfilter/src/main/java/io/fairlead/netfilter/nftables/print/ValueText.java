package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.netfilter.nftables.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Keys and values as nft writes them. */
public final class ValueText {

    /** Names of /etc/protocols that nft shows for inet_proto. */
    private static final Map<Integer, String> PROTOCOLS = Map.ofEntries(
            Map.entry(1, "icmp"),
            Map.entry(2, "igmp"),
            Map.entry(6, "tcp"),
            Map.entry(17, "udp"),
            Map.entry(33, "dccp"),
            Map.entry(47, "gre"),
            Map.entry(50, "esp"),
            Map.entry(51, "ah"),
            Map.entry(58, "ipv6-icmp"),
            Map.entry(132, "sctp"),
            Map.entry(136, "udplite"));

    /** nft, src/scanner.l: string. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_.][A-Za-z0-9/_.-]*");

    private ValueText() {}

    /** A key or a value of these types: {@code 10.96.0.10 . tcp . 53}. */
    public static String of(List<DataType> types, Value value) {
        return switch (value) {
            case Verdict verdict -> verdict(verdict);
            case Data data -> data(types, data);
        };
    }

    static String verdict(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Jump jump -> "jump " + name(jump.chain());
            case Verdict.Goto goTo -> "goto " + name(goTo.chain());
            case Verdict.Plain plain -> plain == Verdict.Plain.BREAK ? "<not printable: break>" : plain.toString();
        };
    }

    private static String data(List<DataType> types, Data data) {
        if (types.size() == 1) {
            return one(types.getFirst(), data);
        }
        var text = new StringBuilder();
        int at = 0;
        for (var type : types) {
            if (at + type.length() > data.length()) {
                return "0x" + data;
            }
            text.append(text.isEmpty() ? "" : " . ").append(one(type, data.slice(at, type.length())));
            at += Data.padded(type.length());
        }
        return text.isEmpty() ? "0x" + data : text.toString();
    }

    static String one(DataType type, Data data) {
        if (type.length() != data.length()) {
            return "0x" + data;
        }
        if (type.equals(DataType.IPV4_ADDR)) {
            return IpAddress.v4((int) data.bigEndian()).toString();
        }
        if (type.equals(DataType.IPV6_ADDR)) {
            return new IpAddress(
                            IpFamily.IPV6,
                            data.slice(0, 8).bigEndian(),
                            data.slice(8, 8).bigEndian())
                    .toString();
        }
        if (type.equals(DataType.INET_PROTO)) {
            return protocol(data.at(0));
        }
        if (type.equals(DataType.INET_SERVICE)) {
            return Long.toString(data.bigEndian());
        }
        if (type.equals(DataType.MARK)) {
            return mark((int) data.hostEndian());
        }
        if (type.equals(DataType.IFNAME)) {
            return quoted(text(data));
        }
        if (type.equals(DataType.ETHER_ADDR)) {
            return data.toString().replaceAll("(..)(?!$)", "$1:");
        }
        return number(type, data);
    }

    private static String number(DataType type, Data data) {
        if (data.length() > Long.BYTES) {
            return "0x" + data;
        }
        return Long.toUnsignedString(type.hostOrder() ? data.hostEndian() : data.bigEndian());
    }

    static String protocol(int number) {
        return PROTOCOLS.getOrDefault(number, Integer.toString(number));
    }

    static String mark(int mark) {
        return "0x%08x".formatted(mark);
    }

    /** Up to the first NUL. */
    static String text(Data data) {
        var all = new String(data.toBytes(), StandardCharsets.UTF_8);
        int end = all.indexOf('\0');
        return end < 0 ? all : all.substring(0, end);
    }

    /** nft has no way to write a quotation mark, or a line break, in a text. */
    static String quoted(String text) {
        boolean printable = text.chars().allMatch(c -> c >= ' ' && c != '"' && c != 0x7f);
        return printable ? '"' + text + '"' : unprintable(text);
    }

    /** The name of a table, a chain or a set: other programs may give such as nft cannot read. */
    static String name(String name) {
        return NAME.matcher(name).matches() ? name : unprintable(name);
    }

    /** Something that nft refuses to load, whatever is in it. */
    static String unprintable(String what) {
        return "<not printable: " + what.replaceAll("[^ -~]|[#;{}\"]", "?") + ">";
    }

    /** An element's key, whether it is a single one, a range's end or a range over several parts. */
    public static String key(List<DataType> types, Element element) {
        if (element.isCatchAll()) {
            return "*";
        }
        var text = of(types, element.key());
        if (element.keyEnd().isPresent()) {
            text = RangeText.concatenated(types, element.key(), element.keyEnd().get());
        }
        return element.intervalEnd() ? "the end of a range at " + text : text;
    }
}
