/** nftables in the kernel: transactions, dumps, events, and what this kernel can do. */
@NullMarked
package io.fairlead.netfilter.nftables.kernel;

import org.jspecify.annotations.NullMarked;
