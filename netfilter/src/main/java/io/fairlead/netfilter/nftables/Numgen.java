package io.fairlead.netfilter.nftables;

/**
 * Puts a number from {@code offset} to {@code offset + modulus - 1} into a register, four bytes in the host's order.
 *
 * @param modulus 1 to 2³¹−1
 */
public record Numgen(Type type, int modulus, int offset, Register dreg) implements Expression {

    /** enum nft_ng_types */
    public enum Type {
        INCREMENTAL(0),
        RANDOM(1);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }
    }

    public Numgen {
        if (modulus <= 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "numgen mod " + modulus + " offset " + offset + ": modulus must be above 0");
        }
    }

    @Override
    public String kernelName() {
        return "numgen";
    }
}
