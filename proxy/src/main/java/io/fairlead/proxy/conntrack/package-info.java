/**
 * Which flows of the kernel's connection table have become stale, and ending them.
 *
 * <p>Only UDP: a UDP client that keeps sending keeps its entry, and with it the endpoint that was chosen for its first
 * packet, for ever. {@link io.fairlead.proxy.conntrack.UdpServices} and {@link
 * io.fairlead.proxy.conntrack.Staleness} are pure; {@link io.fairlead.proxy.conntrack.Reconciler} talks to the kernel.
 */
@NullMarked
package io.fairlead.proxy.conntrack;

import org.jspecify.annotations.NullMarked;
