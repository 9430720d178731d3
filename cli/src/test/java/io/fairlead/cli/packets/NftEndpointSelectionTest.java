package io.fairlead.cli.packets;

/** As {@link EndpointSelectionTest}, in nftables mode. */
@InNftablesMode
class NftEndpointSelectionTest extends EndpointSelectionTest {

    NftEndpointSelectionTest(PacketLab lab) {
        super(lab);
    }
}
