package io.fairlead.netfilter.nftables;

/** Leaves the packet out of connection tracking. */
public record Notrack() implements Expression {

    @Override
    public String kernelName() {
        return "notrack";
    }
}
