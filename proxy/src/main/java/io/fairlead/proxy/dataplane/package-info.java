/** What the sync loop asks of a dataplane, whatever it writes its rules with. */
@NullMarked
package io.fairlead.proxy.dataplane;

import org.jspecify.annotations.NullMarked;
