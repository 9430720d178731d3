/**
 * Netlink: messages between user space and the kernel, through the foreign-function API.
 *
 * <p>Encoding and decoding are pure; {@link io.fairlead.netfilter.netlink.NetlinkSocket} is the only thing that talks to
 * the kernel. Sources: netlink(7), include/uapi/linux/netlink.h.
 */
@NullMarked
package io.fairlead.netfilter.netlink;

import org.jspecify.annotations.NullMarked;
