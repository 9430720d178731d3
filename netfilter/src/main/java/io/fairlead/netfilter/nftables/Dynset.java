package io.fairlead.netfilter.nftables;

import java.util.Optional;

/**
 * Puts the packet's key into a set with the flag dynamic, or takes it out.
 *
 * @param set name in the same table
 * @param key the register where the key begins
 * @param value the register of a map's value
 * @param timeoutMillis of the element; 0 is the set's own
 */
public record Dynset(Op op, String set, Register key, Optional<Register> value, long timeoutMillis)
        implements Expression {

    /** enum nft_dynset_ops */
    public enum Op {
        /** Only when it is not there; its timeout is left as it is. */
        ADD(0),
        /** Its timeout begins again. */
        UPDATE(1),
        DELETE(2);

        private final int number;

        Op(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }
    }

    @Override
    public String kernelName() {
        return "dynset";
    }
}
