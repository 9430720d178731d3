/**
 * The expressions that rules are made of, one record for each that the kernel has, and what flows between them: registers,
 * data and verdicts. Source: include/uapi/linux/netfilter/nf_tables.h.
 */
@NullMarked
package io.fairlead.netfilter.nftables.expr;

import org.jspecify.annotations.NullMarked;
