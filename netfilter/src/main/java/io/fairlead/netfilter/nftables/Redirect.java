package io.fairlead.netfilter.nftables;

import java.util.Optional;

/**
 * Gives the packet's connection an address of this machine as its destination.
 *
 * @param port the register with the new port
 * @param flags bits of {@link NatFlags}
 */
public record Redirect(Optional<Register> port, int flags) implements Expression {

    public Redirect {
        flags = NatFlags.chosen(flags);
    }

    @Override
    public String kernelName() {
        return "redir";
    }
}
