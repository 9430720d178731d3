package io.fairlead.netfilter.nftables;

/**
 * Drops the packet and answers it.
 *
 * @param code of the ICMP or ICMPv6 message, or of enum nft_reject_inet_code for {@link Type#ICMPX}; 0 with a reset
 */
public record Reject(Type type, int code) implements Expression {

    /** enum nft_reject_types */
    public enum Type {
        ICMP,
        TCP_RESET,
        ICMPX
    }

    @Override
    public String kernelName() {
        return "reject";
    }
}
