package io.fairlead.netfilter.nftables;

/** Ends the rule unless a register compares so with the data, byte by byte as unsigned, over the data's length. */
public record Cmp(Op op, Register sreg, Data data) implements Expression {

    /** enum nft_cmp_ops */
    public enum Op {
        EQ("=="),
        NEQ("!="),
        LT("<"),
        LTE("<="),
        GT(">"),
        GTE(">=");

        private final String sign;

        Op(String sign) {
            this.sign = sign;
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
