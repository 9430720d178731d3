package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.conntrack.Frontend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredecessorTest {

    @Test
    void aRuleThatSendsUdpToAServiceTellsItsAddressAndPort() {
        assertThat(
                        Predecessor.frontend(
                                "-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m comment"
                                        + " --comment \"kube-system/kube-dns:dns cluster IP\" -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU"))
                .contains(new Frontend.Address(IpAddress.parse("10.96.0.10"), 53));
        assertThat(Predecessor.frontend("-A KUBE-SERVICES -d fd00:96::a/128 -p udp -m comment"
                        + " --comment \"default/dns loadbalancer IP\" -m udp --dport 53 -j KUBE-FW-TCOU7JCQXEZGVUNU"))
                .contains(new Frontend.Address(IpAddress.parse("fd00:96::a"), 53));
        assertThat(Predecessor.frontend("-A KUBE-NODEPORTS -p udp -m comment --comment default/dns -m udp"
                        + " --dport 30053 -j KUBE-EXT-TCOU7JCQXEZGVUNU"))
                .contains(new Frontend.NodePort(30053));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 53 -j KUBE-SVC-ERIFXISQEP7F7OF4",
                "-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable",
                "-A KUBE-SERVICES ! -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU",
                "-A KUBE-SERVICES -d 10.96.0.0/16 -p udp -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU",
                "-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53:60 -j KUBE-SVC-TCOU7JCQXEZGVUNU",
                "-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
                "-A DOCKER -d 10.96.0.10/32 -p udp -m udp --dport 53 -j DNAT --to-destination 172.17.0.2:53",
                "-A KUBE-SERVICES -p udp \"unbalanced",
                ":KUBE-SERVICES - [0:0]",
                ""
            })
    void everythingElseTellsNothing(String line) {
        assertThat(Predecessor.frontend(line)).isEmpty();
    }
}
