package io.fairlead.netfilter.nftables.print;

/** nft has no words for something, or none that are known here. */
final class Unprintable extends Exception {

    Unprintable(String what) {
        super(what);
    }
}
