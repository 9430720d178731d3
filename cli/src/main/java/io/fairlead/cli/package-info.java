/** The commands: options to values, values to the proxy, errors to one line and an exit status. */
@NullMarked
package io.fairlead.cli;

import org.jspecify.annotations.NullMarked;
