package io.fairlead.netfilter.nftables;

/**
 * One step of a rule, as the kernel has it. A step reads or writes registers, ends the rule when it does not match, or does
 * something to the packet.
 */
public sealed interface Expression
        permits Payload,
                Meta,
                MetaSet,
                Ct,
                Fib,
                Cmp,
                Range,
                Bitwise,
                Immediate,
                Lookup,
                Nat,
                Masquerade,
                Redirect,
                Reject,
                Numgen,
                Dynset,
                Counter,
                Limit,
                Log,
                Notrack,
                Unknown {

    /** The kernel's name of it: NFTA_EXPR_NAME. */
    String kernelName();
}
