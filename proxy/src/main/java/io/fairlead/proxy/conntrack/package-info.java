/**
 * The kernel's connection table, as far as it has to do with Services: which flows have become stale, and ending them; and what
 * flows carry, by endpoint ({@link io.fairlead.proxy.conntrack.TrafficMeter}).
 *
 * <p>Stale is only UDP: a UDP client that keeps sending keeps its entry, and with it the endpoint that was chosen for its first
 * packet, for ever. {@link io.fairlead.proxy.conntrack.UdpServices} and {@link
 * io.fairlead.proxy.conntrack.Staleness} are pure; {@link io.fairlead.proxy.conntrack.Reconciler} talks to the kernel.
 */
@NullMarked
package io.fairlead.proxy.conntrack;

import org.jspecify.annotations.NullMarked;
