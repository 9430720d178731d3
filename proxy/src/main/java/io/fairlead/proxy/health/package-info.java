/** What load balancers and the kubelet are told: whether this node's rules are in the kernel and kept up to date. */
@NullMarked
package io.fairlead.proxy.health;

import org.jspecify.annotations.NullMarked;
