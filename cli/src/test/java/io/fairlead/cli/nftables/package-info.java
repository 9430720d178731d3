/** The nftables dataplane on the real kernel. */
@NullMarked
package io.fairlead.cli.nftables;

import org.jspecify.annotations.NullMarked;
