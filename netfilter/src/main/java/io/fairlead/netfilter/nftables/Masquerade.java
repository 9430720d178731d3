package io.fairlead.netfilter.nftables;

/**
 * Gives the packet's connection the address of the interface that it leaves through.
 *
 * @param flags how a port is chosen: bits of {@link NatFlags}
 */
public record Masquerade(int flags) implements Expression {

    public Masquerade {
        flags = NatFlags.chosen(flags);
    }

    @Override
    public String kernelName() {
        return "masq";
    }
}
