package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyCheckTest {

    private static final NodeIps DUAL_STACK =
            NodeIps.detect("0.0.0.0", List.of(IpAddress.parse("10.0.0.5"), IpAddress.parse("fd00::5")));

    @Test
    void sourceVipOfTheOtherFamilyIsReported() {
        var config = ConfigReader.parse("""
                {kind: KubeProxyConfiguration, apiVersion: kubeproxy.config.k8s.io/v1alpha1, winkernel: {sourceVip: "fd00::1"}}""");
        assertThat(new FamilyCheck(config, DUAL_STACK, List.of()).wrongFamilies(false))
                .hasValue(new FamilyCheck.Finding("cluster is IPv4-only but winkernel.sourceVip is IPv6", false));
    }

    @Test
    void primaryStandsForTheNodesAddresses() {
        var configured = List.of(NodePortAddresses.PRIMARY);
        assertThat(NodePortAddresses.of(configured, DUAL_STACK, IpFamily.IPV4).prefixes())
                .hasToString("[10.0.0.5/32]");
        assertThat(NodePortAddresses.of(configured, DUAL_STACK, IpFamily.IPV6).prefixes())
                .hasToString("[fd00::5/128]");
    }

    @Test
    void primaryWithoutNodeAddressesMeansAll() {
        var unknown = NodeIps.detect("", List.of());
        var addresses = NodePortAddresses.of(List.of(NodePortAddresses.PRIMARY), unknown, IpFamily.IPV4);
        assertThat(addresses.matchAll()).isTrue();
        assertThat(addresses.containsIpv4Loopback()).isTrue();
    }
}
