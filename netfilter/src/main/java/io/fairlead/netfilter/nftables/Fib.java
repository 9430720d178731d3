package io.fairlead.netfilter.nftables;

/**
 * Asks the routing table about the packet.
 *
 * @param flags what is looked up: {@link #SADDR} and so on
 */
public record Fib(int flags, Result result, Register dreg) implements Expression {

    // enum nft_fib_flags
    public static final int SADDR = 1;
    public static final int DADDR = 2;
    public static final int MARK = 4;
    public static final int IIF = 8;
    public static final int OIF = 16;

    /** include/uapi/linux/rtnetlink.h: RTN_LOCAL, a value of {@link Result#ADDRTYPE} */
    public static final int LOCAL = 2;

    /** enum nft_fib_result */
    public enum Result {
        OIF(1),
        OIFNAME(2),
        /** RTN_UNICAST and so on, four bytes in the host's order. */
        ADDRTYPE(3);

        private final int number;

        Result(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    @Override
    public String kernelName() {
        return "fib";
    }
}
