package io.fairlead.netfilter.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.Optional;

/**
 * Translates the packet's connection.
 *
 * @param address the register with the new address
 * @param port the register with the new port, two bytes in network order
 * @param flags how a port is chosen: bits of {@link NatFlags}, without those that follow from the registers
 */
public record Nat(Type type, IpFamily family, Optional<Register> address, Optional<Register> port, int flags)
        implements Expression {

    /** enum nft_nat_types */
    public enum Type {
        SNAT(0),
        DNAT(1);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** The kernel's number of it. */
        public int number() {
            return number;
        }
    }

    public Nat {
        flags = NatFlags.chosen(flags);
    }

    @Override
    public String kernelName() {
        return "nat";
    }
}
