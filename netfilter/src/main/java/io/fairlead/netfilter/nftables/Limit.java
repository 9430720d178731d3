package io.fairlead.netfilter.nftables;

/**
 * Ends the rule when packets come faster than this.
 *
 * @param rate packets, or bytes, in a unit of time
 * @param unitSeconds the unit: 1, 60, 3600, 86400 or 604800
 * @param burst how many more may come at once
 * @param inverted ends the rule when they come <em>not</em> faster
 */
public record Limit(long rate, long unitSeconds, int burst, Type type, boolean inverted) implements Expression {

    /** enum nft_limit_type */
    public enum Type {
        PACKETS(0),
        BYTES(1);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }
    }

    @Override
    public String kernelName() {
        return "limit";
    }
}
