package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a cluster does to objects beyond keeping them: defaults, validation, allocation, graceful deletion. A store asks
 * under its lock, so that what a rule has seen in the image is still so when the object is stored; it must not block.
 *
 * <p>Refusals are {@link ApiException}s. For a dry run everything is asked except {@link #committed}.
 */
public interface ObjectRules {

    /** Objects are stored as they come and deleted at once. */
    ObjectRules NONE = new ObjectRules() {};

    /** Completes and checks a new object; its metadata is complete already. */
    default void create(ResourceType type, ObjectNode object, StoreImage image) {}

    /** Completes and checks a change. */
    default void update(ResourceType type, ObjectNode before, ObjectNode after, StoreImage image) {}

    /**
     * Begins a deletion.
     *
     * @param object a tree of the caller's, as stored now
     * @param options DeleteOptions, perhaps empty
     * @return the object as it is to be kept for now; empty if it is to be removed at once
     */
    default Optional<ObjectNode> delete(ResourceType type, ObjectNode object, JsonNode options, Instant now) {
        return Optional.empty();
    }

    /** Whether a changed object has nothing left to wait for, and is to be removed instead of stored. */
    default boolean isFinished(ResourceType type, ObjectNode object) {
        return false;
    }

    /** Something is stored now. */
    default void committed(StoreChange change) {}
}
