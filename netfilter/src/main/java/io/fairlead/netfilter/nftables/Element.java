package io.fairlead.netfilter.nftables;

import java.util.Optional;

/**
 * An element of a set or a map.
 *
 * <p>A range in a set with {@link NftSet.Flag#INTERVAL} and a key of one part is two elements: its first value, and the
 * value after its last one with {@code intervalEnd}. With a concatenated key it is one element with {@code keyEnd}.
 *
 * @param key as long as the set's key; parts of a concatenation padded to four bytes ({@link Data#concat})
 * @param keyEnd the last value of a concatenated range, part of it
 * @param value of a map: empty in sets, and where only the key counts, as in deletions
 * @param intervalEnd whether this ends a range
 * @param timeoutMillis 0 for the set's own
 * @param expiresMillis how long it has left, as the kernel reports it; 0 when nothing is said
 * @param comment empty for none
 */
public record Element(
        Data key,
        Optional<Data> keyEnd,
        Optional<Value> value,
        boolean intervalEnd,
        long timeoutMillis,
        long expiresMillis,
        String comment) {

    public static Element of(Data key) {
        return new Element(key, Optional.empty(), Optional.empty(), false, 0, 0, "");
    }

    public static Element of(Data key, Value value) {
        return new Element(key, Optional.empty(), Optional.of(value), false, 0, 0, "");
    }

    /** Ends the range that the element before it begins. */
    public static Element endOfRange(Data afterLast) {
        return new Element(afterLast, Optional.empty(), Optional.empty(), true, 0, 0, "");
    }

    /** The element for all keys that have none, nft's {@code *}: its key has no bytes. */
    public static Element catchAll(Value value) {
        return of(Data.of(), value);
    }

    public boolean isCatchAll() {
        return key.length() == 0;
    }

    public Element withComment(String text) {
        return new Element(key, keyEnd, value, intervalEnd, timeoutMillis, expiresMillis, text);
    }

    public Element withTimeoutMillis(long millis) {
        return new Element(key, keyEnd, value, intervalEnd, millis, expiresMillis, comment);
    }

    public Element withKeyEnd(Data last) {
        return new Element(key, Optional.of(last), value, intervalEnd, timeoutMillis, expiresMillis, comment);
    }
}
