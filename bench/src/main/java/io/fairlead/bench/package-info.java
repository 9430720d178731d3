/**
 * Whole-process measurements: the daemon as it ships, a real kernel, and an API server in a process of its own, all in a
 * network namespace made for the purpose.
 */
@NullMarked
package io.fairlead.bench;

import org.jspecify.annotations.NullMarked;
