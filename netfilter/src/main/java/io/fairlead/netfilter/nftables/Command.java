package io.fairlead.netfilter.nftables;

/** One thing that a transaction does: a verb and its object. */
public sealed interface Command {

    Verb verb();

    /** What happens to the object. */
    enum Verb {
        /** Makes it; nothing happens when it is there already. Rules go to the end of their chain. */
        ADD,
        /** Makes it; fails when it is there already. */
        CREATE,
        /** Puts a rule at the head of its chain, or before another. */
        INSERT,
        /** Puts a rule in the place of another. */
        REPLACE,
        /** Takes the rules out of a chain, or of all chains of the table, or the elements out of a set. */
        FLUSH,
        /** Takes it away; fails when it is not there or in use. */
        DELETE,
        /** Takes it away; nothing happens when it is not there. Needs Linux 6.3. */
        DESTROY
    }

    /** The transaction's own table. */
    record OfTable(Verb verb, Table table) implements Command {}

    record OfChain(Verb verb, Chain chain) implements Command {}

    /**
     * @param handle the kernel's number of the rule that is replaced, deleted or inserted before; 0 for none
     */
    record OfRule(Verb verb, String chain, Rule rule, long handle) implements Command {}

    record OfSet(Verb verb, NftSet set) implements Command {}

    /**
     * Elements of one set. They may be any number: the messages are split as needed.
     *
     * @param set its name is what the kernel needs; its types are for texts, such as those of errors
     * @param elements gone through once when the transaction is encoded, and not kept: they may come into being then
     */
    record OfElements(Verb verb, NftSet set, Iterable<Element> elements) implements Command {}
}
