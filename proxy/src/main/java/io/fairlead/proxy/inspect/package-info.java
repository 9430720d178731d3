/** What the daemon shows of itself to whoever asks: read-only views of the values the loop works with. */
@NullMarked
package io.fairlead.proxy.inspect;

import org.jspecify.annotations.NullMarked;
