package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.cluster.NamespacedName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process against an API server over TLS, in one network namespace, with the real iptables. */
@Tag("kernel")
class DaemonTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    private final NetworkNamespace node = NetworkNamespace.create("daemon");
    private final FairleadProcess fairlead = FairleadProcess.in(node);
    private final ObjectStore store = ObjectStore.create();
    private ApiServer server;
    private Process daemon;

    @BeforeEach
    void start() throws Exception {
        store.put(json("""
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"},
                 "status":{"addresses":[{"type":"InternalIP","address":"192.168.0.2"}]}}"""));
        putService("web", "10.96.0.10", "10.244.0.1");
        server = node.call(
                () -> ApiServer.builder().store(store).tls().tokens("a-token").start());
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig("a-token"));
        daemon = fairlead.start(
                "proxy",
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-1",
                "--cluster-cidr=10.244.0.0/16",
                "--iptables-sync-period=1s",
                "--conntrack-max-per-core=0",
                "--iptables-min-sync-period=0s");
        Thread.ofVirtual().start(() -> {
            try (var lines = daemon.errorReader()) {
                lines.lines().forEach(line -> System.err.println("daemon: " + line));
            } catch (Exception e) {
                System.err.println("daemon: " + e);
            }
        });
        awaitRules(rules -> rules.contains("default/web -> 10.244.0.1:80"));
    }

    @AfterEach
    void stop() {
        daemon.destroyForcibly();
        server.close();
        node.close();
    }

    @Test
    void changesReachTheKernelAndDeletedServicesLeaveNothing() throws Exception {
        putService("api", "10.96.0.11", "10.244.0.2");
        awaitRules(rules -> rules.contains("default/api -> 10.244.0.2:80"));
        putService("api", "10.96.0.11", "10.244.0.3");
        awaitRules(rules -> rules.contains("default/api -> 10.244.0.3:80") && !rules.contains("10.244.0.2"));
        store.delete(ResourceTypes.SERVICES, new NamespacedName("default", "api"));
        awaitRules(rules -> !rules.contains("default/api"));
    }

    @Test
    void rulesStayWhileTheServerIsAwayAndFollowItsSuccessor() throws Exception {
        var before = rules();
        server.stop();
        putService("late", "10.96.0.12", "10.244.0.4");
        Thread.sleep(2_000);
        assertThat(rules()).isEqualTo(before);
        restartServer();
        awaitRules(rules -> rules.contains("default/late -> 10.244.0.4:80") && rules.contains("default/web"));
    }

    @Test
    void aHistoryThatIsGoneIsListedAgainWithoutDroppingRules() throws Exception {
        server.stop();
        store.delete(ResourceTypes.SERVICES, new NamespacedName("default", "web"));
        putService("other", "10.96.0.13", "10.244.0.5");
        store.compact();
        restartServer();
        awaitRules(rules -> rules.contains("default/other -> 10.244.0.5:80") && !rules.contains("default/web"));
    }

    @Test
    void aTableFlushedBySomebodyElseIsMended() throws Exception {
        var before = rules();
        for (var table : new String[] {"nat", "filter", "mangle"}) {
            fairlead.exec("iptables", "-w", "-t", table, "-F");
            fairlead.exec("iptables", "-w", "-t", table, "-X");
            awaitRules(rules -> rules.equals(before));
        }
    }

    @Test
    void anAlteredChainIsRewrittenWhenItsServiceChanges() throws Exception {
        fairlead.exec("iptables", "-w", "-t", "nat", "-F", "KUBE-SERVICES");
        putService("web", "10.96.0.99", "10.244.0.1");
        awaitRules(rules -> rules.contains("-d 10.96.0.99/32") && rules.contains("must be the last rule"));
    }

    @Test
    void stoppingLeavesTheRulesAndEndsWithStatusZero() throws Exception {
        var before = rules();
        daemon.destroy();
        assertThat(daemon.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isZero();
        assertThat(rules()).isEqualTo(before);
    }

    /** On the thread of the namespace, which the new listening socket then belongs to. */
    private void restartServer() throws Exception {
        node.call(() -> {
            server.restart();
            return server;
        });
    }

    private void putService(String name, String clusterIp, String endpoint) throws Exception {
        store.put(json("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"%s"},
                 "spec":{"type":"ClusterIP","clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["IPv4"],
                         "ports":[{"port":80,"protocol":"TCP"}]}}""".formatted(name, clusterIp, clusterIp)));
        store.put(json("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                 "metadata":{"namespace":"default","name":"%s-1","labels":{"kubernetes.io/service-name":"%s"}},
                 "ports":[{"name":"","port":80,"protocol":"TCP"}],
                 "endpoints":[{"addresses":["%s"],"conditions":{"ready":true}}]}""".formatted(name, name, endpoint)));
    }

    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) JSON.readTree(text);
    }

    private String rules() throws Exception {
        var lines = new StringBuilder();
        for (var table : new String[] {"mangle", "nat", "filter"}) {
            fairlead.exec("iptables-save", "-t", table)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replaceFirst("\\[\\d+:\\d+]", ""))
                    .forEach(line -> lines.append(line).append('\n'));
        }
        return lines.toString();
    }

    private void awaitRules(Predicate<String> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.test(rules())) {
            assertThat(daemon.isAlive()).as("the daemon runs").isTrue();
            assertThat(System.nanoTime()).as("the rules are still\n%s", rules()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
