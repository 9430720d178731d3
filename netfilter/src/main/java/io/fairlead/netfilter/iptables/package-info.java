/**
 * iptables as values: rules, their save and restore forms, and the binaries that read and write them.
 *
 * <p>Sources: iptables(8), iptables-extensions(8), and what iptables 1.8 prints.
 */
@NullMarked
package io.fairlead.netfilter.iptables;

import org.jspecify.annotations.NullMarked;
