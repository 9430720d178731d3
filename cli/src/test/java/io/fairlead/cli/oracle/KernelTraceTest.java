package io.fairlead.cli.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadProcess;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code fairlead trace --kernel} reads what is in force, of iptables and of nftables. */
@Tag("kernel")
class KernelTraceTest {

    @Test
    void tablesOfNftablesAndIptablesCountTogether() throws Exception {
        try (var node = NetworkNamespace.create("trace")) {
            node.exec("ip", "addr", "add", "10.210.40.172/24", "dev", "lo");
            node.execWithInput("""
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
                    """, "nft", "-f", "-");
            node.exec("iptables", "-A", "FORWARD", "-d", "10.244.0.6", "-j", "DROP");
            var run =
                    FairleadProcess.in(node).run("trace", "--kernel", "--from", "10.244.1.1", "--to", "10.96.0.10:53");
            assertThat(run.stderr()).isEmpty();
            assertThat(run.stdout())
                    .contains("PREROUTING ip kube-proxy prerouting")
                    .contains("ip daddr . meta l4proto . th dport vmap @service-ips")
                    .contains("50.0 %  DNAT to 10.244.0.5:53\n")
                    .contains("50.0 %  DNAT to 10.244.0.6:53, dropped\n");
            assertThat(run.status()).isEqualTo(3);
        }
    }

    @Test
    void liveFollowsARealPacketAndLeavesNothingBehind() throws Exception {
        try (var node = NetworkNamespace.create("trace")) {
            node.exec("ip", "addr", "add", "10.210.40.172/24", "dev", "lo");
            node.execWithInput("table ip fairlead-trace-99999999 { }", "nft", "-f", "-");
            node.execWithInput("""
                    *nat
                    :KUBE-SERVICES - [0:0]
                    -A OUTPUT -j KUBE-SERVICES
                    -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 53 -j DNAT --to-destination 10.210.40.172:9
                    COMMIT
                    """, "iptables-restore");
            node.exec("ip", "route", "add", "default", "dev", "lo");
            var trace = node.start(new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    "io.fairlead.cli.Main",
                    "trace",
                    "--live",
                    "--seconds",
                    "60",
                    "--from",
                    "10.210.40.172",
                    "--to",
                    "10.96.0.10:53"));
            var output = trace.inputReader();
            assertThat(output.readLine()).startsWith("Waiting 60 s for packets tcp 10.210.40.172");
            assertThat(node.exec("nft", "list", "tables"))
                    .contains("fairlead-trace-")
                    .doesNotContain("99999999");
            while (trace.isAlive() && !output.ready()) {
                connect(node);
                Thread.sleep(100);
            }
            connect(node);
            var text = new StringBuilder();
            output.lines().forEach(line -> text.append(line).append('\n'));
            assertThat(text)
                    .contains("ip nat OUTPUT: -A OUTPUT -j KUBE-SERVICES  ⇒ jump KUBE-SERVICES")
                    .contains("--to-destination 10.210.40.172:9  ⇒ accept  [default/web]");
            assertThat(trace.waitFor()).isZero();
            assertThat(node.exec("nft", "list", "tables")).doesNotContain("fairlead-trace-");
        }
    }

    private static void connect(NetworkNamespace node) {
        node.call(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("10.96.0.10", 53), 200);
            } catch (IOException e) {
                // Nobody listens; that it was tried is enough.
            }
            return true;
        });
    }
}
