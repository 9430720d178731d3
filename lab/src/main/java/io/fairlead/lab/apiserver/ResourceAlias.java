package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.UnaryOperator;

/**
 * A type that is another view of a stored one: events.k8s.io/v1 Events are core Events.
 *
 * @param shown the type clients name
 * @param stored the type of the objects that are kept
 * @param show makes a stored object into what the client sees
 * @param store makes what a client sends into what is kept
 */
public record ResourceAlias(
        ResourceType shown, ResourceType stored, UnaryOperator<ObjectNode> show, UnaryOperator<ObjectNode> store) {

    ObjectNode show(ObjectNode object) {
        return show.apply(object).put("kind", shown.kind()).put("apiVersion", shown.apiVersion());
    }

    ObjectNode store(ObjectNode object) {
        return store.apply(object).put("kind", stored.kind()).put("apiVersion", stored.apiVersion());
    }
}
