package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.program.Program;

/** What a pod's thread waits for. */
sealed interface PodSignal {

    /** The object, as it is now. */
    record Changed(ObjectNode pod) implements PodSignal {}

    /** The object is gone, or the kubelet ends: there is nothing to be graceful about. */
    record Gone() implements PodSignal {}

    /** The API server can be reached again: it is to know how the pod is. */
    record Reconnected() implements PodSignal {}

    /** A program has ended; it may not be the unit's present one. */
    record Ended(ContainerUnit unit, Program program, int status) implements PodSignal {}

    /** @param problem empty if it is ready */
    record Probed(ContainerUnit unit, Program program, boolean ready, String problem) implements PodSignal {}
}
