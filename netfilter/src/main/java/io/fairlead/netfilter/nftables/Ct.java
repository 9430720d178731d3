package io.fairlead.netfilter.nftables;

/** Puts something about the packet's connection into a register, in the host's byte order. */
public record Ct(Key key, Register dreg) implements Expression {

    /** enum nft_ct_keys, those that need no direction. */
    public enum Key {
        /** One bit: {@link #STATE_INVALID} and so on. */
        STATE(0, 4),
        /** 0 original, 1 reply; one byte. */
        DIRECTION(1, 1),
        /** Bits of enum ip_conntrack_status. */
        STATUS(2, 4),
        MARK(3, 4);

        private final int number;
        private final int length;

        Key(int number, int length) {
            this.number = number;
            this.length = length;
        }

        public int number() {
            return number;
        }

        public int length() {
            return length;
        }
    }

    // include/uapi/linux/netfilter/nf_conntrack_common.h: NF_CT_STATE_BIT of enum ip_conntrack_info, and INVALID
    public static final int STATE_INVALID = 1;

    public static final int STATE_ESTABLISHED = 2;
    public static final int STATE_RELATED = 4;
    public static final int STATE_NEW = 8;

    /** NF_CT_STATE_UNTRACKED_BIT */
    public static final int STATE_UNTRACKED = 64;

    /** enum ip_conntrack_status: IPS_SRC_NAT and IPS_DST_NAT */
    public static final int STATUS_SNAT = 1 << 4;

    public static final int STATUS_DNAT = 1 << 5;

    @Override
    public String kernelName() {
        return "ct";
    }
}
