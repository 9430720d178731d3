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

    /** include/uapi/linux/netfilter.h: enum nf_inet_hooks. */
    public enum Point {
        PREROUTING(0),
        INPUT(1),
        FORWARD(2),
        OUTPUT(3),
        POSTROUTING(4),
        INGRESS(5);

        private final int number;

        Point(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** NFTA_CHAIN_POLICY: NF_DROP, NF_ACCEPT. */
    public enum Policy {
        DROP(0),
        ACCEPT(1);

        private final int number;

        Policy(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
