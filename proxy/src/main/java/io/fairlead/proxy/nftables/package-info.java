/**
 * The second dataplane: kube-proxy's nftables mode, packet for packet, in a layout of few big maps, written over netlink.
 * docs/nftables.md draws it.
 */
@NullMarked
package io.fairlead.proxy.nftables;

import org.jspecify.annotations.NullMarked;
