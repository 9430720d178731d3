package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.net.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the daemon starts, what makes it end by itself, and what it says meanwhile. */
@Tag("kernel")
class ProcessKernelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SYNCED = "First sync complete";

    @TempDir
    Path folder;

    private final NetworkNamespace node = NetworkNamespace.create("process");
    private final ObjectStore store = ObjectStore.create();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private ApiServer server;
    private Path kubeconfig;

    @BeforeEach
    void serve() throws Exception {
        server = node.call(
                () -> ApiServer.builder().store(store).tls().tokens("a-token").start());
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig("a-token"));
    }

    @AfterEach
    void stop() {
        server.close();
        node.close();
    }

    @Test
    void aChangedConfigurationFileEndsTheProcessWithStatus1AndLeavesTheRules() throws Exception {
        putNode("192.168.0.2", "10.244.1.0/24");
        var config = Files.writeString(folder.resolve("config.yaml"), config("ClusterCIDR"));
        var daemon = start(FairleadProcess.in(node), "--config=" + config);
        await(daemon, SYNCED);
        Files.writeString(config, "bindAddress: 0.0.0.0\n", StandardOpenOption.APPEND);
        assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isEqualTo(1);
        await(daemon, "content of the proxy server's configuration file was updated");
        assertThat(node.exec("iptables-save", "-t", "nat")).contains("KUBE-SERVICES");
    }

    @Test
    void newPodCidrsEndTheProcessWhereRulesDependOnThem() throws Exception {
        putNode("192.168.0.2", "10.244.1.0/24");
        var daemon = startNodeCidr();
        await(daemon, SYNCED);
        putNode("192.168.0.3", "10.244.1.0/24");
        await(daemon, "\"NodeIPs changed for the node\" node=\"node-1\" newNodeIPs=[\"192.168.0.3\"]");
        assertThat(daemon.isAlive()).isTrue();
        putNode("192.168.0.3", "10.244.2.0/24");
        assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isEqualTo(1);
        await(daemon, "\"PodCIDRs changed for the node\" node=\"node-1\" newPodCIDRs=[\"10.244.2.0/24\"]");
    }

    @Test
    void podCidrsThatComeLaterAreWaitedFor() throws Exception {
        putNode("192.168.0.2", "");
        var daemon = startNodeCidr();
        assertThat(daemon.waitFor(3, TimeUnit.SECONDS)).isFalse();
        assertThat(log).noneMatch(line -> line.contains(SYNCED));
        putNode("192.168.0.2", "10.244.1.0/24");
        await(daemon, SYNCED);
        daemon.destroy();
        assertThat(daemon.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void initOnlySetsTheKernelUpAndWritesNoRules() throws Exception {
        putNode("192.168.0.2", "10.244.1.0/24");
        var daemon = start(
                FairleadProcess.in(node),
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-1",
                "--cluster-cidr=10.244.0.0/16",
                "--conntrack-max-per-core=0",
                "--conntrack-tcp-timeout-close-wait=23m",
                "--logging-format=json",
                "--init-only");
        assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).as(log.toString()).isZero();
        await(daemon, "\"msg\":\"System initialized and --init-only specified\",\"v\":0,\"ipFamily\":\"IPv4\"");
        await(daemon, "\"msg\":\"Set sysctl\",\"v\":0,\"entry\":\"net/netfilter/nf_conntrack_tcp_timeout_close_wait\"");
        assertThat(node.exec("cat", "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait"))
                .isEqualTo("1380\n");
        assertThat(node.exec("cat", "/proc/sys/net/ipv4/conf/all/route_localnet"))
                .isEqualTo("1\n");
        assertThat(node.exec("iptables-save", "-t", "nat")).doesNotContain("KUBE-");
    }

    @Test
    void aServiceProxysRulesInTheOtherBackEndAreNamedAtTheStart() throws Exception {
        putNode("192.168.0.2", "10.244.1.0/24");
        node.exec("iptables-legacy", "-w", "-t", "nat", "-N", "KUBE-SERVICES");
        var daemon = start(
                FairleadProcess.in(node).withBackend("nft"),
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-1",
                "--conntrack-max-per-core=0");
        await(daemon, "otherBackend=\"iptables-legacy\" chains=1");
        await(daemon, SYNCED);
        daemon.destroyForcibly();
    }

    private Process startNodeCidr() throws Exception {
        return start(
                FairleadProcess.in(node),
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-1",
                "--detect-local-mode=NodeCIDR",
                "--conntrack-max-per-core=0");
    }

    private Process start(FairleadProcess fairlead, String... flags) throws Exception {
        var args = new ArrayList<String>();
        args.add("proxy");
        args.addAll(List.of(flags));
        var daemon = fairlead.start(args.toArray(String[]::new));
        Thread.ofVirtual().start(() -> {
            try (var lines = daemon.errorReader()) {
                lines.lines().forEach(log::add);
            } catch (Exception e) {
                log.add(e.toString());
            }
        });
        return daemon;
    }

    private void await(Process daemon, String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (log.stream().noneMatch(line -> line.contains(text))) {
            assertThat(System.nanoTime())
                    .as("%s is still not among\n%s\n(alive: %s)", text, String.join("\n", log), daemon.isAlive())
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private String config(String detectLocalMode) {
        return """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clientConnection: {kubeconfig: %s}
                hostnameOverride: node-1
                detectLocalMode: %s
                clusterCIDR: 10.244.0.0/16
                conntrack: {maxPerCore: 0}
                """.formatted(kubeconfig, detectLocalMode);
    }

    private void putNode(String address, String podCidr) throws Exception {
        var cidrs = podCidr.isEmpty() ? "[]" : "[\"" + podCidr + "\"]";
        store.put((ObjectNode) JSON.readTree("""
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"},"spec":{"podCIDRs":%s},
                 "status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}""".formatted(cidrs, address)));
    }
}
