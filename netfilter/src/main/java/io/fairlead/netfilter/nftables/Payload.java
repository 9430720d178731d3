package io.fairlead.netfilter.nftables;

/**
 * Copies bytes of the packet into a register; ends the rule when the packet is too short.
 *
 * @param offset in bytes from the beginning of the header
 * @param length in bytes
 */
public record Payload(Base base, int offset, int length, Register dreg) implements Expression {

    /** Which header: enum nft_payload_bases. */
    public enum Base {
        LINK(0),
        NETWORK(1),
        TRANSPORT(2);

        private final int number;

        Base(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }
    }

    @Override
    public String kernelName() {
        return "payload";
    }
}
