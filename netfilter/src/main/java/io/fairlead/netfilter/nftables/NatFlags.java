package io.fairlead.netfilter.nftables;

/** include/uapi/linux/netfilter/nf_nat.h: NF_NAT_RANGE_ */
public final class NatFlags {

    public static final int RANDOM = 4;
    public static final int PERSISTENT = 8;
    public static final int FULLY_RANDOM = 16;

    /** MAP_IPS and PROTO_SPECIFIED: the kernel sets them when there is a register for it. */
    private static final int IMPLIED = 3;

    private NatFlags() {}

    static int chosen(int flags) {
        return flags & ~IMPLIED;
    }
}
