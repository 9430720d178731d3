/** One event loop: takes changes, paces syncs, retries, and keeps what was applied. Knows nothing of rule texts. */
@NullMarked
package io.fairlead.proxy.sync;

import org.jspecify.annotations.NullMarked;
