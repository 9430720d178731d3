package io.fairlead.proxy.config;

/**
 * Section {@code nftables}, without what all modes share.
 *
 * @param masqueradeBit 0–31: the bit of the packet mark that asks for masquerading
 */
public record NftablesConfig(int masqueradeBit) {

    public static final NftablesConfig DEFAULT = new NftablesConfig(14);
}
