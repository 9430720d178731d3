package io.fairlead.cli.lab;

/** The scenarios with proxies in iptables mode. */
class IptablesLabTest extends LabScenarios {

    IptablesLabTest() {
        super("iptables");
    }
}
