/**
 * Where does a packet go, and through which rules? Walks a packet through rules as the kernel does, without a kernel.
 *
 * <p>{@link io.fairlead.netfilter.trace.Tracer} is the entry. Random choices fork, so the answer is a tree whose ends are a
 * distribution over outcomes.
 */
@NullMarked
package io.fairlead.netfilter.trace;

import org.jspecify.annotations.NullMarked;
