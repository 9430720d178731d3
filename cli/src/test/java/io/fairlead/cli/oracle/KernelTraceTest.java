package io.fairlead.cli.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadProcess;
import io.fairlead.lab.net.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code fairlead trace --kernel} reads what is in force, of iptables and of nftables. */
@Tag("kernel")
class KernelTraceTest {

    @Test
    void tablesOfNftablesAndIptablesCountTogether() throws Exception {
        try (var node = NetworkNamespace.create("trace")) {
            node.exec("ip", "addr", "add", "10.210.40.172/24", "dev", "lo");
            node.execWithInput(
                    """
                    table ip kube-proxy {
                      map service-ips {
                        type ipv4_addr . inet_proto . inet_service : verdict
                        elements = { 10.96.0.10 . tcp . 53 : goto pick }
                      }
                      chain pick {
                        dnat ip to numgen random mod 2 map { 0 : 10.244.0.5, 1 : 10.244.0.6 }
                      }
                      chain prerouting {
                        type nat hook prerouting priority dstnat;
                        ip daddr . meta l4proto . th dport vmap @service-ips
                      }
                    }
                    """,
                    "nft",
                    "-f",
                    "-");
            node.exec("iptables", "-A", "FORWARD", "-d", "10.244.0.6", "-j", "DROP");
            var run = FairleadProcess.in(node).run("trace", "--kernel", "--from", "10.244.1.1", "--to", "10.96.0.10:53");
            assertThat(run.stderr()).isEmpty();
            assertThat(run.stdout())
                    .contains("PREROUTING ip kube-proxy prerouting")
                    .contains("ip daddr . meta l4proto . th dport vmap @service-ips")
                    .contains("50.0 %  DNAT to 10.244.0.5:53\n")
                    .contains("50.0 %  DNAT to 10.244.0.6:53, dropped\n");
            assertThat(run.status()).isEqualTo(3);
        }
    }
}
