package io.fairlead.proxy.sync;

import io.fairlead.proxy.cluster.Node;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides when enough is known of this Node to begin. Pure bookkeeping over a clock that the caller reads ({@link
 * System#nanoTime}).
 */
final class NodeGate {

    private final NodeWait wait;
    private boolean watching;
    private boolean addressesOver;
    private OptionalLong deadline = OptionalLong.empty();

    NodeGate(NodeWait wait) {
        this.wait = wait;
    }

    /** The Node watch works: what is not there does not exist yet. */
    void watching(long now) {
        watching = true;
        deadline = OptionalLong.of(now + wait.addresses().toNanos());
    }

    /** Whether to begin with this Node, or without one. */
    boolean isOpen(Optional<Node> node, long now) {
        if (wait.addresses().isZero()) {
            return watching;
        }
        if (!addressesOver) {
            boolean known = node.filter(found -> !found.addresses().isEmpty()).isPresent();
            if (!known && !expired(now)) {
                return false;
            }
            addressesOver = true;
            deadline = OptionalLong.of(now + wait.podCidrs().toNanos());
        }
        return node.filter(found -> !found.podCidrs().isEmpty()).isPresent() || expired(now);
    }

    private boolean expired(long now) {
        return deadline.isPresent() && now - deadline.getAsLong() >= 0;
    }

    /** When to ask again although nothing has changed. */
    OptionalLong deadline() {
        return deadline;
    }
}
