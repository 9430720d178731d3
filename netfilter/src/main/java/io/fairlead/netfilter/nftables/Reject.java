package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpFamily;

/**
 * Drops the packet and answers it.
 *
 * @param code of the ICMP or ICMPv6 message, or of enum nft_reject_inet_code for {@link Type#ICMPX}; 0 with a reset
 */
public record Reject(Type type, int code) implements Expression {

    /** enum nft_reject_types */
    public enum Type {
        ICMP(0),
        TCP_RESET(1),
        ICMPX(2);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }
    }

    /** What nft means by {@code reject} alone: type 3 code 3 of ICMP, type 1 code 4 of ICMPv6. */
    public static Reject portUnreachable(IpFamily family) {
        return new Reject(Type.ICMP, family == IpFamily.IPV4 ? 3 : 4);
    }

    @Override
    public String kernelName() {
        return "reject";
    }
}
