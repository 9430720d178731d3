package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Meta;
import io.fairlead.netfilter.nftables.MetaSet;

/** {@code meta mark set meta mark | 0x00004000} and its like. */
final class MarkText {

    private MarkText() {}

    static String of(MetaSet set, Term term) throws Unprintable {
        if (set.key() != Meta.Key.MARK) {
            throw new Unprintable("meta " + set.key());
        }
        return "meta mark set "
                + switch (term) {
                    case Term.Loaded loaded -> loaded.text();
                    case Term.Constant constant -> ValueText.one(DataType.MARK, constant.data());
                    case Term.Mapped mapped -> mapped.text();
                    case Term.Masked masked -> masked(masked);
                };
    }

    private static String masked(Term.Masked masked) {
        int mask = (int) masked.mask().hostEndian();
        int xor = (int) masked.xor().hostEndian();
        var text = masked.loaded().text();
        if (xor == 0) {
            return text + " & " + ValueText.mark(mask);
        }
        if (mask == ~0) {
            return text + " ^ " + ValueText.mark(xor);
        }
        if (mask == ~xor) {
            return text + " | " + ValueText.mark(xor);
        }
        return text + " & " + ValueText.mark(mask) + " ^ " + ValueText.mark(xor);
    }
}
