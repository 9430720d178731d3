/**
 * Answers to questions: what the proxy believes, what it would change, whether the kernel is what was written, and why a
 * packet goes where it goes. Read-only views of the values that the other packages have made.
 */
@NullMarked
package io.fairlead.proxy.inspect;

import org.jspecify.annotations.NullMarked;
