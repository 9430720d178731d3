package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** Rules that are asked but do not learn what came of it: for a dry run. */
record Rehearsal(ObjectRules rules) implements ObjectRules {

    @Override
    public void create(ResourceType type, ObjectNode object, StoreImage image) {
        rules.create(type, object, image);
    }

    @Override
    public void update(ResourceType type, ObjectNode before, ObjectNode after, StoreImage image) {
        rules.update(type, before, after, image);
    }

    @Override
    public Optional<ObjectNode> delete(ResourceType type, ObjectNode object, JsonNode options, Instant now) {
        return rules.delete(type, object, options, now);
    }

    @Override
    public boolean isFinished(ResourceType type, ObjectNode object) {
        return rules.isFinished(type, object);
    }
}
