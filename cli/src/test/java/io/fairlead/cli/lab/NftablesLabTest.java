package io.fairlead.cli.lab;

/** The scenarios with proxies in nftables mode. */
class NftablesLabTest extends LabScenarios {

    NftablesLabTest() {
        super("nftables");
    }
}
