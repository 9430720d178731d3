package io.fairlead.netfilter.nftables.print;

import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Meta;
import io.fairlead.netfilter.nftables.Numgen;
import io.fairlead.netfilter.nftables.Payload;
import io.fairlead.netfilter.nftables.RandomNumber;
import io.fairlead.netfilter.nftables.Register;
import java.util.Optional;

/** What a register holds, as far as nft has words for it. */
sealed interface Term {

    /** Bytes that it fills. */
    int length();

    /**
     * Something that was loaded.
     *
     * @param source for what depends on more than the text
     * @param length bytes that were loaded: fewer than the type has for the beginning of a field
     */
    record Loaded(String text, DataType type, Expression source, int length) implements Term {}

    /** {@code (loaded & mask) ^ xor} */
    record Masked(Loaded loaded, Data mask, Data xor) implements Term {

        @Override
        public int length() {
            return mask.length();
        }
    }

    record Constant(Data data) implements Term {

        @Override
        public int length() {
            return data.length();
        }
    }

    /** What was found in a map: {@code ip daddr map @m}. */
    record Mapped(String text, int length) implements Term {}

    DataType CT_STATE = DataType.integer(4, true);

    /** @return empty when nft has no word for it, or none that is known here */
    static Optional<Loaded> of(Expression expression) {
        return switch (expression) {
            case Payload payload -> payload(payload);
            case Meta meta -> meta(meta);
            case Ct ct ->
                Optional.of(new Loaded(
                        "ct " + ct.key().name().toLowerCase(java.util.Locale.ROOT),
                        ct.key() == Ct.Key.MARK ? DataType.MARK : CT_STATE,
                        ct,
                        ct.key().length()));
            case Fib fib -> fib(fib);
            case Numgen numgen -> Optional.of(numgen(numgen));
            default -> Optional.empty();
        };
    }

    private static Optional<Loaded> payload(Payload payload) {
        for (var field : Field.values()) {
            if (field.load(Register.R1) instanceof Payload known
                    && known.base() == payload.base()
                    && known.offset() == payload.offset()
                    && payload.length() > 0
                    && payload.length() <= known.length()
                    && isUnambiguous(field, payload)) {
                return Optional.of(new Loaded(field.text(), field.type(), payload, payload.length()));
            }
        }
        return Optional.empty();
    }

    /** Addresses of both families are found at offsets of their own: only ports must be whole. */
    private static boolean isUnambiguous(Field field, Payload payload) {
        return payload.base() == Payload.Base.NETWORK || field.type().length() == payload.length();
    }

    private static Optional<Loaded> meta(Meta meta) {
        for (var field : Field.values()) {
            if (field.load(meta.dreg()).equals(meta)) {
                return Optional.of(new Loaded(
                        field.text(), field.type(), meta, field.type().length()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Loaded> fib(Fib fib) {
        if (fib.result() != Fib.Result.ADDRTYPE) {
            return Optional.empty();
        }
        var flags = new StringBuilder();
        String[] names = {"saddr", "daddr", "mark", "iif", "oif"};
        for (int i = 0; i < names.length; i++) {
            if ((fib.flags() & 1 << i) != 0) {
                flags.append(flags.isEmpty() ? "" : " . ").append(names[i]);
            }
        }
        return fib.flags() >>> names.length != 0
                ? Optional.empty()
                : Optional.of(new Loaded("fib " + flags + " type", DataType.integer(4, true), fib, Integer.BYTES));
    }

    private static Loaded numgen(Numgen numgen) {
        var kind = numgen.type() == Numgen.Type.RANDOM ? "random" : "inc";
        var offset = numgen.offset() == 0 ? "" : " offset " + numgen.offset();
        return new Loaded(
                "numgen " + kind + " mod " + numgen.modulus() + offset,
                new RandomNumber(numgen.modulus()).type(),
                numgen,
                Integer.BYTES);
    }
}
