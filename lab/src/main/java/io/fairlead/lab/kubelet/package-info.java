/**
 * Runs the pods that are bound to a node of the lab: a network namespace each, with programs in it, restarted, probed and
 * stopped as their spec says, and a status in the API that says how they are. One {@link io.fairlead.lab.kubelet.Kubelet}
 * per node; one {@link io.fairlead.lab.kubelet.PodWorker} per pod, on a virtual thread of its own.
 *
 * <p>Not here: volumes, resources, init containers, liveness and startup probes, exec and attach.
 */
@NullMarked
package io.fairlead.lab.kubelet;

import org.jspecify.annotations.NullMarked;
