package io.fairlead.cli.packets;

/** As {@link AffinityTest}, in nftables mode. */
@InNftablesMode
class NftAffinityTest extends AffinityTest {

    NftAffinityTest(PacketLab lab) {
        super(lab);
    }
}
