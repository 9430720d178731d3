package io.fairlead.netfilter.nftables;

import java.util.Optional;

/**
 * Looks a register up in a set or a map and ends the rule when it is not there.
 *
 * @param sreg where the key begins
 * @param dreg where the value of a map goes: {@link Register#VERDICT} for a verdict map; empty for a set
 * @param inverted ends the rule when it <em>is</em> there; sets only
 */
public record Lookup(SetRef set, Register sreg, Optional<Register> dreg, boolean inverted) implements Expression {

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
