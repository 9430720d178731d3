package io.fairlead.cli.packets;

/** As {@link SourceRangesTest}, in nftables mode. */
@InNftablesMode
class NftSourceRangesTest extends SourceRangesTest {

    NftSourceRangesTest(PacketLab lab) {
        super(lab);
    }
}
