/**
 * The kernel's table of connections: reading it, deleting from it, hearing of its changes, without the conntrack program.
 *
 * <p>Encoding and decoding are pure. Sources: include/uapi/linux/netfilter/nfnetlink_conntrack.h and
 * nf_conntrack_common.h; net/netfilter/nf_conntrack_netlink.c for what the kernel makes of them.
 */
@NullMarked
package io.fairlead.netfilter.conntrack;

import org.jspecify.annotations.NullMarked;
