/**
 * nftables: tables, chains, rules, sets and maps as values, written to and read from the kernel over netlink without any
 * program.
 */
@NullMarked
package io.fairlead.netfilter.nftables;

import org.jspecify.annotations.NullMarked;
