/**
 * nftables' objects as netlink messages: {@link io.fairlead.netfilter.nftables.wire.Batch} writes them,
 * {@link io.fairlead.netfilter.nftables.wire.MessageReader} reads them. Nothing here touches the kernel.
 *
 * <p>Whatever bytes are read, what comes of it is an object or a
 * {@link io.fairlead.netfilter.netlink.MalformedMessageException}.
 */
@NullMarked
package io.fairlead.netfilter.nftables.wire;

import org.jspecify.annotations.NullMarked;
