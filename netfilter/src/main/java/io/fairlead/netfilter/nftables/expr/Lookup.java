package io.fairlead.netfilter.nftables.expr;

import java.util.Optional;

/**
 * Looks a register up in a set or a map and ends the rule when it is not there.
 *
 * @param set name in the same table; for an anonymous one the name of its model in the same transaction
 * @param sreg where the key begins
 * @param dreg where the value of a map goes: {@link Register#VERDICT} for a verdict map; empty for a set
 * @param inverted ends the rule when it <em>is</em> there; sets only
 */
public record Lookup(String set, Register sreg, Optional<Register> dreg, boolean inverted) implements Expression {

    public Lookup {
        if (inverted && dreg.isPresent()) {
            throw new IllegalArgumentException("lookup in map " + set + " cannot be inverted: it gives a value");
        }
    }

    @Override
    public String kernelName() {
        return "lookup";
    }
}
