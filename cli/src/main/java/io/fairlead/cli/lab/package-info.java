/** {@code fairlead lab}: a small cluster on this machine. Loaded only when asked for: the daemon's start does not pay for it. */
@NullMarked
package io.fairlead.cli.lab;

import org.jspecify.annotations.NullMarked;
