package io.fairlead.netfilter.nftables;

/**
 * {@code dreg = (sreg & mask) ^ xor}. Setting bits is {@code mask = ~bits, xor = bits}; flipping them is {@code mask = ~0}.
 *
 * @param mask its length is that of the operation
 * @param xor of the same length
 */
public record Bitwise(Register sreg, Register dreg, Data mask, Data xor) implements Expression {

    public Bitwise {
        if (mask.length() != xor.length()) {
            throw new IllegalArgumentException("mask " + mask + " and xor " + xor + " must have one length");
        }
    }

    @Override
    public String kernelName() {
        return "bitwise";
    }
}
