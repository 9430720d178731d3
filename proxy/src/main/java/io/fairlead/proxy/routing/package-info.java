/**
 * Who gets which traffic, and why: endpoint selection by readiness, traffic policy and topology hints. Knows nothing of how
 * it is written down.
 */
@NullMarked
package io.fairlead.proxy.routing;

import org.jspecify.annotations.NullMarked;
