package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the daemon starts, what makes it end by itself, and what it says meanwhile. */
@Tag("kernel")
class ProcessKernelTest {

    @TempDir
    Path folder;

    private DaemonUnderTest daemon;
    private Path kubeconfig;

    @BeforeEach
    void serve() throws Exception {
        daemon = DaemonUnderTest.with("process", ApiServer.builder().tls().tokens("a-token"));
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig("a-token"));
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void aChangedConfigurationFileEndsTheProcessWithStatus1AndLeavesTheRules() throws Exception {
        var config = Files.writeString(folder.resolve("config.yaml"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clientConnection: {kubeconfig: %s}
                hostnameOverride: node-1
                clusterCIDR: 10.244.0.0/16
                conntrack: {maxPerCore: 0}
                """.formatted(kubeconfig));
        var process = daemon.run("proxy", "--config=" + config);
        daemon.awaitLog(DaemonUnderTest.SYNCED);
        Files.writeString(config, "bindAddress: 0.0.0.0\n", StandardOpenOption.APPEND);
        assertEndsWith(1, process);
        daemon.awaitLog("content of the proxy server's configuration file was updated");
        assertThat(daemon.rules()).contains("KUBE-SERVICES");
    }

    /** Spec: process, section 8.3; the order of what is watched is anybody's. */
    @Test
    void anOrdinaryStartSaysWhatKubeProxySaysInItsOrder() throws Exception {
        daemon.start(kubeconfig);
        daemon.await(
                () -> daemon.log(line -> line.contains("Caches are synced")).size() == 4, "not all is watched");
        daemon.awaitLog(DaemonUnderTest.SYNCED);
        assertThat(daemon.log(line -> line.startsWith("I") || line.startsWith("E")))
                .filteredOn(line -> !line.contains("caches") && !line.contains("Caches"))
                .extracting(line -> line.replaceFirst("^.*?] ", ""))
                .containsSubsequence(
                        "\"Using iptables proxy\"",
                        "\"Successfully retrieved NodeIPs\" NodeIPs=[\"192.168.0.2\"]",
                        "\"Kube-proxy configuration may be incomplete or incorrect\" err=\"nodePortAddresses is unset;"
                                + " NodePort connections will be accepted on all local IPs. Consider using"
                                + " `--nodeport-addresses primary`\"",
                        "\"kube-proxy running in dual-stack mode\" primary ipFamily=\"IPv4\"");
        assertThat(String.join("\n", daemon.log()))
                .containsSubsequence(
                        "kube-proxy running in dual-stack mode",
                        "\"Using iptables Proxier\"",
                        "\"Version info\" version=\"v1.36.2\"",
                        "\"Java settings\"",
                        DaemonUnderTest.SYNCED);
        for (var controller : List.of("service config", "endpoint slice config", "serviceCIDR config", "node config")) {
            daemon.awaitLog("\"Starting " + controller + " controller\"");
            daemon.awaitLog("\"Waiting for caches to sync\" controller=\"" + controller + "\"");
            daemon.awaitLog("\"Caches are synced\" controller=\"" + controller + "\"");
        }
    }

    @Test
    void newPodCidrsEndTheProcessWhereRulesDependOnThem() throws Exception {
        daemon.putNode("192.168.0.2", "10.244.1.0/24");
        var process = daemon.start(kubeconfig, "--detect-local-mode=NodeCIDR");
        daemon.awaitLog(DaemonUnderTest.SYNCED);
        daemon.putNode("192.168.0.3", "10.244.1.0/24");
        daemon.awaitLog("\"NodeIPs changed for the node\" node=\"node-1\" newNodeIPs=[\"192.168.0.3\"]");
        assertThat(process.isAlive()).isTrue();
        daemon.putNode("192.168.0.3", "10.244.2.0/24");
        assertEndsWith(1, process);
        daemon.awaitLog("\"PodCIDRs changed for the node\" node=\"node-1\" newPodCIDRs=[\"10.244.2.0/24\"]");
    }

    /** As when it is made anew: what was seen of it last stays in force, for health as well. */
    @Test
    void aNodeThatIsDeletedEndsNothingAndComesBack() throws Exception {
        var process = daemon.start(kubeconfig);
        daemon.await(() -> daemon.healthz() == 200, "not healthy");
        var before = daemon.rules();
        daemon.server.store().delete(ResourceTypes.NODES, new NamespacedName("", "node-1"));
        daemon.awaitLog("\"Node is being deleted\" node=\"node-1\"");
        daemon.putService("api", "10.96.0.11", "10.244.0.2");
        daemon.awaitRules("default/api -> 10.244.0.2:80");
        assertThat(daemon.rules().lines()).containsAll(before.lines().toList());
        assertThat(daemon.healthz()).isEqualTo(200);
        daemon.putNode("192.168.0.9");
        daemon.awaitLog("\"NodeIPs changed for the node\" node=\"node-1\" newNodeIPs=[\"192.168.0.9\"]");
        assertThat(process.isAlive()).isTrue();
        assertThat(daemon.healthz()).isEqualTo(200);
    }

    @Test
    void podCidrsThatComeLaterAreWaitedFor() throws Exception {
        var process = daemon.start(kubeconfig, "--detect-local-mode=NodeCIDR");
        assertThat(process.waitFor(3, TimeUnit.SECONDS)).isFalse();
        assertThat(daemon.log(line -> line.contains(DaemonUnderTest.SYNCED))).isEmpty();
        daemon.putNode("192.168.0.2", "10.244.1.0/24");
        daemon.awaitLog(DaemonUnderTest.SYNCED);
        process.destroy();
        assertEndsWith(0, process);
    }

    @Test
    void initOnlySetsTheKernelUpAndWritesNoRules() throws Exception {
        var process = daemon.start(
                kubeconfig, "--conntrack-tcp-timeout-close-wait=23m", "--logging-format=json", "--init-only");
        assertEndsWith(0, process);
        assertThat(daemon.log().getFirst()).startsWith("I").endsWith("] \"Using iptables proxy\"");
        daemon.awaitLog("\"msg\":\"System initialized and --init-only specified\",\"v\":0,\"ipFamily\":\"IPv4\"");
        daemon.awaitLog(
                "\"msg\":\"Set sysctl\",\"v\":0,\"entry\":\"net/netfilter/nf_conntrack_tcp_timeout_close_wait\"");
        assertThat(daemon.namespace.exec("cat", "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait"))
                .isEqualTo("1380\n");
        assertThat(daemon.namespace.exec("cat", "/proc/sys/net/ipv4/conf/all/route_localnet"))
                .isEqualTo("1\n");
        assertThat(daemon.rules()).doesNotContain("KUBE-");
    }

    /** What monitoring of clusters looks at before node ports on localhost are given up. */
    @Test
    void connectionsToANodePortOnLocalhostAreCounted() throws Exception {
        daemon.start(kubeconfig);
        daemon.server.store().put(DaemonUnderTest.json("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"web"},
                 "spec":{"type":"NodePort","clusterIP":"10.96.0.10","clusterIPs":["10.96.0.10"],"ipFamilies":["IPv4"],
                         "ports":[{"port":80,"protocol":"TCP","nodePort":30080}]}}"""));
        daemon.awaitRules("--dport 30080");
        var name = "\nkubeproxy_iptables_localhost_nodeports_accepted_packets_total ";
        assertThat(daemon.get(10249, "/metrics").body()).contains(name + "0\n");
        daemon.namespace.call(() -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 30080), 100);
            } catch (IOException _) {
                // Nobody is behind it; that it was asked for is enough.
                return false;
            }
            return true;
        });
        assertThat(daemon.get(10249, "/metrics").body()).containsPattern(name + "[1-9]");
    }

    @Test
    void aServiceProxysRulesInTheOtherBackEndAreNamedAtTheStart() throws Exception {
        daemon.namespace.exec("iptables-legacy", "-w", "-t", "nat", "-N", "KUBE-SERVICES");
        daemon.start(FairleadProcess.in(daemon.namespace).withBackend("nft"), kubeconfig);
        daemon.awaitLog("otherBackend=\"iptables-legacy\" chains=1");
        daemon.awaitLog(DaemonUnderTest.SYNCED);
    }

    private static void assertEndsWith(int status, Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(status);
    }
}
