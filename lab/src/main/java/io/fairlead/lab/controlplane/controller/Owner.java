package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;

/** The reference from an object to the one that it was made for. */
final class Owner {

    private Owner() {}

    /** @param owner must have kind and apiVersion */
    static ObjectNode controller(ObjectNode owner) {
        return Json.object()
                .put("apiVersion", owner.path("apiVersion").asText())
                .put("kind", owner.path("kind").asText())
                .put("name", ObjectMeta.text(owner, "name"))
                .put("uid", ObjectMeta.text(owner, "uid"))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }
}
