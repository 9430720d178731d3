package io.fairlead.netfilter.trace;

import java.util.Optional;

/** One thing that happened on a packet's way. */
public sealed interface Step {

    /** The hook in whose course it happened. */
    Hook hook();

    /**
     * A base chain is asked.
     *
     * @param table as {@link RuleRef#table} says it
     * @param chain its name
     */
    record Enter(Hook hook, String table, String chain) implements Step {}

    /** A rule's conditions held. */
    record Hit(Hook hook, RuleRef rule, Effect effect) implements Step {}

    /** No rule of a base chain had the last word, and its policy is not to accept. */
    record Policy(Hook hook, String table, String chain, Effect effect) implements Step {}

    /**
     * The kernel chooses a route.
     *
     * @param local whether the packet is for this machine
     * @param out the interface, when it is known
     */
    record Routed(Hook hook, boolean local, Optional<String> out) implements Step {}
}
