package io.fairlead.netfilter.nftables;

/** Ends the rule unless a register compares so with the data, byte by byte as unsigned, over the data's length. */
public record Cmp(Op op, Register sreg, Data data) implements Expression {

    /** enum nft_cmp_ops */
    public enum Op {
        EQ(0, "=="),
        NEQ(1, "!="),
        LT(2, "<"),
        LTE(3, "<="),
        GT(4, ">"),
        GTE(5, ">=");

        private final int number;
        private final String sign;

        Op(int number, String sign) {
            this.number = number;
            this.sign = sign;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }

        /** As nft writes it. */
        public String sign() {
            return sign;
        }
    }

    @Override
    public String kernelName() {
        return "cmp";
    }
}
