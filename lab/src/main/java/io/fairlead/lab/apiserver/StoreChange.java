package io.fairlead.lab.apiserver;

/** What one write did. Versions of consecutive changes differ by one. */
public sealed interface StoreChange {

    /** The object as of this change; for a deletion its last state, under the deletion's version. */
    StoredObject object();

    default long resourceVersion() {
        return object().resourceVersion();
    }

    record Added(StoredObject object) implements StoreChange {}

    record Modified(StoredObject before, StoredObject object) implements StoreChange {}

    record Deleted(StoredObject before, StoredObject object) implements StoreChange {}
}
