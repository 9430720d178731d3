/**
 * A small cluster's control plane in this process: an API server with the rules of a cluster, and its control loops.
 *
 * <p>{@link io.fairlead.lab.controlplane.ControlPlane} is the way in. Kubelets are not here: whoever runs pods writes their
 * status into the store, finishes their deletion, and hands out their logs.
 */
@NullMarked
package io.fairlead.lab.controlplane;

import org.jspecify.annotations.NullMarked;
