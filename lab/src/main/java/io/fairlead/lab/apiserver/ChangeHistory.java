package io.fairlead.lab.apiserver;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last changes, in a ring indexed by resource version. Not safe for use by several threads. */
final class ChangeHistory {

    private final @Nullable StoreChange[] ring;
    private long forgottenUpTo;

    /** @param forgottenUpTo the version before the first change that will be added */
    ChangeHistory(int capacity, long forgottenUpTo) {
        if (capacity < 1) {
            throw new IllegalArgumentException("history size: " + capacity + " is not positive");
        }
        this.ring = new StoreChange[capacity];
        this.forgottenUpTo = forgottenUpTo;
    }

    int capacity() {
        return ring.length;
    }

    void add(StoreChange change) {
        ring[slot(change.resourceVersion())] = change;
        forgottenUpTo = Math.max(forgottenUpTo, change.resourceVersion() - ring.length);
    }

    /** The change that made a version; it must be neither forgotten nor in the future. */
    StoreChange get(long resourceVersion) {
        return Objects.requireNonNull(ring[slot(resourceVersion)]);
    }

    void compact(long upTo) {
        Arrays.fill(ring, null);
        forgottenUpTo = upTo;
    }

    long forgottenUpTo() {
        return forgottenUpTo;
    }

    /** @throws ApiException 410 if a change after this version is forgotten */
    void requireAfter(long resourceVersion) {
        if (resourceVersion < forgottenUpTo) {
            throw ApiException.expired(resourceVersion, forgottenUpTo);
        }
    }

    private int slot(long resourceVersion) {
        return (int) (resourceVersion % ring.length);
    }
}
