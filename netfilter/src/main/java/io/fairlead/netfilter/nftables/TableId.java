package io.fairlead.netfilter.nftables;

/** Which table of a network namespace. */
public record TableId(Family family, String name) {

    /** As nft writes it: {@code ip kube-proxy}. */
    @Override
    public String toString() {
        return family + " " + name;
    }
}
