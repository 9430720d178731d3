package io.fairlead.netfilter.nftables;

/** Puts something that is known about the packet, other than its bytes, into a register. */
public record Meta(Key key, Register dreg) implements Expression {

    /** enum nft_meta_keys */
    public enum Key {
        /** Length of the packet, host order. */
        LEN(0, 4),
        PROTOCOL(1, 2),
        /** Host order. */
        MARK(3, 4),
        /** Index of the interface, host order. */
        IIF(4, 4),
        OIF(5, 4),
        /** 16 bytes, NUL-padded. */
        IIFNAME(6, 16),
        OIFNAME(7, 16),
        /** The family the hook runs for, one byte. */
        NFPROTO(15, 1),
        /** One byte. */
        L4PROTO(16, 1),
        PKTTYPE(19, 1);

        private final int number;
        private final int length;

        Key(int number, int length) {
            this.number = number;
            this.length = length;
        }

        public int number() {
            return number;
        }

        /** How many bytes of the register it fills. */
        public int length() {
            return length;
        }
    }

    @Override
    public String kernelName() {
        return "meta";
    }
}
