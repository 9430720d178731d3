/**
 * A whole lab: network, control plane, kubelets and a proxy process per node, put together, and what is written down of it
 * so that other processes find it and clean up after it.
 */
@NullMarked
package io.fairlead.lab.cluster;

import org.jspecify.annotations.NullMarked;
