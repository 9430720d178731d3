package io.fairlead.netfilter.nftables;

/**
 * Ends the rule unless a register is in a range, or outside it.
 *
 * @param inverted outside
 * @param from the lowest, of the same length as {@code to}
 * @param to the highest, part of the range
 */
public record Range(boolean inverted, Register sreg, Data from, Data to) implements Expression {

    @Override
    public String kernelName() {
        return "range";
    }
}
