package io.fairlead.cli.packets;

/** As {@link PacketFlowTest}, in nftables mode. */
@InNftablesMode
class NftPacketFlowTest extends PacketFlowTest {

    NftPacketFlowTest(PacketLab lab) {
        super(lab);
    }
}
