package io.fairlead.netfilter.iptables;

/**
 * Takes the lines of one {@code iptables-restore --noflush} input, in order.
 *
 * <p>Every table is opened once by {@link #table} and closed by {@link #commit}; a chain is declared before a rule
 * jumps to it. The whole of a table takes effect at its commit, or none of it.
 */
public interface RestoreSink {

    /** {@code *TABLE}. */
    void table(Table table);

    /** {@code :CHAIN - [0:0]}: makes the chain, or empties it when it exists. */
    void chain(String name);

    /** {@code -A CHAIN RULE}. */
    void append(String chain, Rule rule);

    /** {@code -I CHAIN RULE}: at the top. */
    default void insert(String chain, Rule rule) {
        insert(chain, 1, rule);
    }

    /** {@code -I CHAIN POSITION RULE}: before the rule that stands there; 1 is the top, one past the last the end. */
    void insert(String chain, int position, Rule rule);

    /** {@code -D CHAIN RULE}: the first rule that is the same; the transaction fails when there is none. */
    void delete(String chain, Rule rule);

    /** {@code -X CHAIN}: the chain must be empty and unused. */
    void deleteChain(String chain);

    /** {@code COMMIT}. */
    void commit();
}
