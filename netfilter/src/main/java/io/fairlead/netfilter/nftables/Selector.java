package io.fairlead.netfilter.nftables;

/**
 * Something about a packet that rules look at, under nft's name for it: a part of a key that is looked up, and a part of
 * what a set's {@link Typeof} says.
 */
public sealed interface Selector permits Field, RandomNumber {

    static Selector random(int modulus) {
        return new RandomNumber(modulus);
    }

    /** As nft writes it: {@code ip daddr}. */
    String text();

    DataType type();

    /** Puts it into a register. */
    Expression load(Register dreg);
}
