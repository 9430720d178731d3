/** The tracer against the kernel: what it says of a packet must be what packets do. */
@NullMarked
package io.fairlead.cli.oracle;

import org.jspecify.annotations.NullMarked;
