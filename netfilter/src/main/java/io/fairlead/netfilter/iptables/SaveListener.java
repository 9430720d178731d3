package io.fairlead.netfilter.iptables;

import java.util.Optional;

/** Takes the lines of a listing as {@code iptables-save} prints it, in order. */
public interface SaveListener {

    /** {@code *TABLE}. */
    void table(Table table);

    /**
     * {@code :CHAIN POLICY [P:B]}.
     *
     * @param policy empty for user-defined chains
     */
    void chain(String name, Optional<Target.Verdict> policy);

    /** {@code -A CHAIN RULE}. */
    void rule(String chain, Rule rule);

    /** {@code COMMIT}. */
    void end();
}
