package io.fairlead.netfilter.nftables;

import java.util.Locale;

/**
 * Where a base chain meets packets.
 *
 * @param priority order among the chains at one point, lowest first
 * @param policy what becomes of packets at its end; new connections only for {@link Type#NAT}
 */
public record Hook(Type type, Point point, int priority, Policy policy) {

    public static Hook filter(Point point, int priority) {
        return new Hook(Type.FILTER, point, priority, Policy.ACCEPT);
    }

    public static Hook nat(Point point, int priority) {
        return new Hook(Type.NAT, point, priority, Policy.ACCEPT);
    }

    /** NFTA_CHAIN_TYPE */
    public enum Type {
        FILTER,
        NAT,
        ROUTE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** include/uapi/linux/netfilter.h: enum nf_inet_hooks, by ordinal. */
    public enum Point {
        PREROUTING,
        INPUT,
        FORWARD,
        OUTPUT,
        POSTROUTING,
        INGRESS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** NFTA_CHAIN_POLICY: NF_DROP, NF_ACCEPT, by ordinal. */
    public enum Policy {
        DROP,
        ACCEPT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
