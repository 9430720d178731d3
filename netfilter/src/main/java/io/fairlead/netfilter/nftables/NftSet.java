package io.fairlead.netfilter.nftables;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A set of the table, or a map when it has a value. Sets that belong to a rule are {@link SetRef.Anonymous}.
 *
 * @param key one type, or the parts of a concatenation
 * @param value empty for a set; {@link DataType#VERDICT} alone, one type, or the parts of a concatenation for a map
 * @param timeoutMillis of elements that have none of their own; 0 for never
 * @param size most elements; 0 for no limit. The kernel gives sets that rules fill 65,535 when nothing is said
 * @param comment empty for none
 * @param typeof empty when the types say enough
 */
public record NftSet(
        String name,
        List<DataType> key,
        List<DataType> value,
        Set<Flag> flags,
        long timeoutMillis,
        int size,
        String comment,
        Optional<Typeof> typeof) {

    /** enum nft_set_flags */
    public enum Flag {
        /** Elements cannot change while a rule looks something up in it. */
        CONSTANT(0x2),
        /** Elements are ranges. */
        INTERVAL(0x4),
        /** Elements may have a timeout. */
        TIMEOUT(0x10),
        /** Rules may add elements: nft's {@code dynamic}, the kernel's EVAL. */
        DYNAMIC(0x20);

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }

        public int bit() {
            return bit;
        }
    }

    public NftSet {
        key = List.copyOf(key);
        value = List.copyOf(value);
        flags = Set.copyOf(flags);
    }

    public static NftSet set(String name, DataType... key) {
        return new NftSet(name, List.of(key), List.of(), Set.of(), 0, 0, "", Optional.empty());
    }

    public static NftSet map(String name, List<DataType> key, List<DataType> value) {
        return new NftSet(name, key, value, Set.of(), 0, 0, "", Optional.empty());
    }

    /** A map, or a set when there is no value, whose types are those of the selectors. */
    public static NftSet typeof(String name, List<Selector> key, List<Selector> value) {
        return map(name, types(key), types(value)).with(new Typeof(key, value));
    }

    private static List<DataType> types(List<Selector> selectors) {
        return selectors.stream().map(Selector::type).toList();
    }

    /** A map from a key to what becomes of the packet. */
    public static NftSet verdictMap(String name, DataType... key) {
        return map(name, List.of(key), List.of(DataType.VERDICT));
    }

    public NftSet withComment(String text) {
        return new NftSet(name, key, value, flags, timeoutMillis, size, text, typeof);
    }

    public NftSet with(Flag... more) {
        var all = EnumSet.noneOf(Flag.class);
        all.addAll(flags);
        all.addAll(List.of(more));
        return new NftSet(name, key, value, all, timeoutMillis, size, comment, typeof);
    }

    /** With {@link Flag#TIMEOUT}, too. */
    public NftSet withTimeoutMillis(long millis) {
        return new NftSet(name, key, value, with(Flag.TIMEOUT).flags, millis, size, comment, typeof);
    }

    public NftSet withSize(int most) {
        return new NftSet(name, key, value, flags, timeoutMillis, most, comment, typeof);
    }

    public NftSet with(Typeof terms) {
        return new NftSet(name, key, value, flags, timeoutMillis, size, comment, Optional.of(terms));
    }

    public boolean isMap() {
        return !value.isEmpty();
    }

    public boolean isVerdictMap() {
        return isMap() && value.getFirst().equals(DataType.VERDICT);
    }

    public boolean is(Flag flag) {
        return flags.contains(flag);
    }

    /** Ranges over several parts: an element has a key and an end for all of them. */
    public boolean isConcatenatedRange() {
        return is(Flag.INTERVAL) && key.size() > 1;
    }
}
