package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Fib;
import java.util.StringJoiner;

/** Comparisons as nft writes them: {@code ip daddr 10.0.0.0/8}, {@code ct state new}. */
final class Comparison {

    private static final String[] CT_STATES = {"invalid", "established", "related", "new"};
    private static final int UNTRACKED_BIT = 6;

    /** enum ip_conntrack_status, by nft's names; bits 6 to 8 and 10 on have none that nft reads. */
    private static final String[] CT_STATUS = {
        "expected", "seen-reply", "assured", "confirmed", "snat", "dnat", "", "", "", "dying"
    };

    /** include/uapi/linux/rtnetlink.h: RTN_UNSPEC and so on. */
    private static final String[] ROUTE_TYPES = {
        "unspec",
        "unicast",
        "local",
        "broadcast",
        "anycast",
        "multicast",
        "blackhole",
        "unreachable",
        "prohibit",
        "throw",
        "nat",
        "xresolve"
    };

    private Comparison() {}

    static String of(Term term, Cmp.Op op, Data data) throws Unprintable {
        return switch (term) {
            case Term.Loaded loaded -> loaded(loaded, op, data);
            case Term.Masked masked -> masked(masked, op, data);
            case Term.Constant _, Term.Mapped _ -> throw new Unprintable("something that nft does not compare");
        };
    }

    private static String loaded(Term.Loaded loaded, Cmp.Op op, Data data) throws Unprintable {
        var sign = op == Cmp.Op.EQ ? " " : " " + op.sign() + " ";
        if (loaded.source() instanceof Ct ct && ct.key() != Ct.Key.MARK) {
            throw new Unprintable(loaded.text() + " with " + data);
        }
        return loaded.text() + sign + value(loaded, data);
    }

    private static String value(Term.Loaded loaded, Data data) throws Unprintable {
        var type = loaded.type();
        boolean equality = data.length() <= loaded.length();
        if (type.equals(DataType.IFNAME) && data.length() < type.length()) {
            return ValueText.quoted(ValueText.text(data) + "*");
        }
        if (loaded.source() instanceof Fib) {
            long route = data.hostEndian();
            if (route < 0 || route >= ROUTE_TYPES.length) {
                throw new Unprintable("route type " + route);
            }
            return ROUTE_TYPES[(int) route];
        }
        if (data.length() == type.length() && loaded.length() == type.length()) {
            return ValueText.one(type, data);
        }
        boolean prefix = isAddress(type) && equality && data.length() == loaded.length();
        if (prefix) {
            return ValueText.one(type, padded(data, type.length())) + "/" + data.length() * 8;
        }
        throw new Unprintable(data.length() + " bytes of " + loaded.text());
    }

    private static boolean isAddress(DataType type) {
        return type.equals(DataType.IPV4_ADDR) || type.equals(DataType.IPV6_ADDR);
    }

    private static Data padded(Data data, int length) {
        return Data.of(java.util.Arrays.copyOf(data.toBytes(), length));
    }

    private static String masked(Term.Masked masked, Cmp.Op op, Data data) throws Unprintable {
        var loaded = masked.loaded();
        boolean equality = op == Cmp.Op.EQ || op == Cmp.Op.NEQ;
        if (!masked.xor().isZero() || !equality || data.length() != masked.length()) {
            throw new Unprintable("calculated " + loaded.text());
        }
        if (loaded.source() instanceof Ct ct && ct.key() != Ct.Key.MARK) {
            if (op != Cmp.Op.NEQ || !data.isZero()) {
                throw new Unprintable(loaded.text() + " with " + data);
            }
            return loaded.text() + " " + bits(ct, masked.mask().hostEndian());
        }
        if (loaded.type().equals(DataType.MARK)) {
            return loaded.text() + " & " + ValueText.one(DataType.MARK, masked.mask()) + " " + op.sign() + " "
                    + ValueText.one(DataType.MARK, data);
        }
        int length = RangeText.prefixLength(zeros(data.length()), inverted(masked.mask()));
        if (isAddress(loaded.type())
                && length >= 0
                && loaded.length() == loaded.type().length()) {
            return loaded.text() + (op == Cmp.Op.EQ ? " " : " != ") + ValueText.one(loaded.type(), data) + "/" + length;
        }
        throw new Unprintable("masked " + loaded.text());
    }

    private static Data zeros(int length) {
        return Data.of(new byte[length]);
    }

    private static Data inverted(Data data) {
        var bytes = data.toBytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
        return Data.of(bytes);
    }

    private static String bits(Ct ct, long bits) throws Unprintable {
        var names = new StringJoiner(",");
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((bits >>> bit & 1) != 0) {
                names.add(name(ct, bit));
            }
        }
        return names.toString();
    }

    private static String name(Ct ct, int bit) throws Unprintable {
        if (ct.key() == Ct.Key.STATE && bit == UNTRACKED_BIT) {
            return "untracked";
        }
        var names = ct.key() == Ct.Key.STATE ? CT_STATES : CT_STATUS;
        if (bit >= names.length || names[bit].isEmpty() || ct.key() == Ct.Key.DIRECTION) {
            throw new Unprintable("bit " + bit);
        }
        return names[bit];
    }
}
