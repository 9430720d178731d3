/** The daemon, a real kernel and UDP clients that never pause. */
@NullMarked
package io.fairlead.cli.conntrack;

import org.jspecify.annotations.NullMarked;
