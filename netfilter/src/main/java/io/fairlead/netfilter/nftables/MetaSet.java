package io.fairlead.netfilter.nftables;

/** Changes something about the packet, such as its mark, to what a register holds. */
public record MetaSet(Meta.Key key, Register sreg) implements Expression {

    @Override
    public String kernelName() {
        return "meta";
    }
}
