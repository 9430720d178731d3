package io.fairlead.netfilter.trace;

/** What a rule did to a packet that met its conditions. */
public sealed interface Effect {

    /** It goes on in another chain and comes back when that ends. */
    record Jump(String chain) implements Effect {}

    /** It goes on in another chain and does not come back. */
    record Goto(String chain) implements Effect {}

    /** It goes back to where the chain was called. */
    record Return() implements Effect {}

    /** The destination was rewritten; nothing more of this table's hook is asked. */
    record Dnat(Endpoint to) implements Effect {}

    /** The source will be rewritten. */
    record Snat(Outcome.NewSource to) implements Effect {}

    /** The firewall mark is now this. */
    record Mark(int value) implements Effect {}

    /** This table has no objection; other tables are still asked. */
    record Accept() implements Effect {}

    record Drop() implements Effect {}

    /** @param with the kind of answer, such as {@code icmp-port-unreachable} */
    record Reject(String with) implements Effect {}

    /** It has no influence on the way: a counter, a log line.
     *
     * @param name of the target, empty when the rule has none
     */
    record Nothing(String name) implements Effect {}

    /** @param what that the evaluator does not know */
    record Unknown(String what) implements Effect {}
}
