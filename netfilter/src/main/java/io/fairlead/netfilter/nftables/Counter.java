package io.fairlead.netfilter.nftables;

/** Counts the packets that come this far. */
public record Counter(long packets, long bytes) implements Expression {

    @Override
    public String kernelName() {
        return "counter";
    }
}
