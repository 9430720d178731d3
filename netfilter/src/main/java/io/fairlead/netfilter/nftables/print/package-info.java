/** nftables' objects in nft's syntax. */
@NullMarked
package io.fairlead.netfilter.nftables.print;

import org.jspecify.annotations.NullMarked;
