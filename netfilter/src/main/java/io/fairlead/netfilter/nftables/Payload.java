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
        LINK,
        NETWORK,
        TRANSPORT
    }

    @Override
    public String kernelName() {
        return "payload";
    }
}
