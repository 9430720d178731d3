/** Replays facts recorded from upstream's own tests, which lie outside the project. */
@NullMarked
package io.fairlead.proxy.vectors;

import org.jspecify.annotations.NullMarked;
