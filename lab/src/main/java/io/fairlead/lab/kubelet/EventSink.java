package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where a kubelet tells what happened. */
@FunctionalInterface
public interface EventSink {

    /**
     * @param regarding the object
     * @param type {@code Normal} or {@code Warning}
     * @param reason one word
     * @param node whose kubelet says it
     */
    void record(ObjectNode regarding, String type, String reason, String message, String node);
}
