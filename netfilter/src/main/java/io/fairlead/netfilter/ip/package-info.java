/** IP addresses and prefixes as values: strict printing (RFC 5952), lenient reading, no name look-ups. */
@NullMarked
package io.fairlead.netfilter.ip;

import org.jspecify.annotations.NullMarked;
