/**
 * Named packet counters of the kernel that rules can count into ({@code -m nfacct}).
 *
 * <p>Source: include/uapi/linux/netfilter/nfnetlink_acct.h.
 */
@NullMarked
package io.fairlead.netfilter.nfacct;

import org.jspecify.annotations.NullMarked;
