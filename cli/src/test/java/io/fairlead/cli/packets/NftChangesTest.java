package io.fairlead.cli.packets;

/** As {@link ChangesTest}, in nftables mode. */
@InNftablesMode
class NftChangesTest extends ChangesTest {

    NftChangesTest(PacketLab lab) {
        super(lab);
    }
}
