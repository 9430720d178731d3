/**
 * nftables as values: tables, chains, rules made of the kernel's own expressions (one record for each), sets, maps and
 * their elements, and transactions on them. Nothing here touches the kernel.
 *
 * <p>Source: include/uapi/linux/netfilter/nf_tables.h.
 */
@NullMarked
package io.fairlead.netfilter.nftables;

import org.jspecify.annotations.NullMarked;
