package io.fairlead.cli.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.cli.FairleadProcess;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.LabPod;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.lab.net.Topology;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * UDP clients that never pause, so that no entry of theirs ever times out, against the real daemon and the real kernel. All
 * endpoints go on answering: whoever still gets answers of one that was taken out still has its old entry.
 */
@Tag("kernel")
class StaleFlowsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final IpAddress DNS = IpAddress.parse("10.96.0.53");
    private static final IpAddress OTHER = IpAddress.parse("10.96.0.54");
    private static final int NODE_PORT = 30053;
    private static final long PATIENCE_SECONDS = 20;

    @TempDir
    Path folder;

    private final Topology net = Topology.builder().node(4).build();
    private final NetworkNamespace node = net.node("node1").namespace();
    private final LabPod client = net.pod("node1-pod1");
    private final LabPod first = net.pod("node1-pod2");
    private final LabPod second = net.pod("node1-pod3");
    private final LabPod third = net.pod("node1-pod4");
    private final ObjectStore store = ObjectStore.create();
    private final LinkedBlockingQueue<String> log = new LinkedBlockingQueue<>();
    private ApiServer server;
    private Process daemon;

    @BeforeEach
    void start() throws Exception {
        List.of(first, second, third).forEach(pod -> pod.serve(Protocol.UDP, 5353));
        store.put(json("""
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"node1"},
                 "status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}""".formatted(net.node("node1").address(IpFamily.IPV4))));
        put("dns", DNS, NODE_PORT, first);
        put("other", OTHER, 0, third);
        server = node.call(
                () -> ApiServer.builder().store(store).tls().tokens("a-token").start());
        Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig("a-token"));
        startDaemon();
    }

    @AfterEach
    void stop() {
        daemon.destroyForcibly();
        server.close();
        net.close();
    }

    private void startDaemon() throws Exception {
        startDaemon("iptables");
    }

    private void startDaemon(String mode) throws Exception {
        log.clear();
        daemon = FairleadProcess.in(node)
                .start(
                        "proxy",
                        "--kubeconfig=" + folder.resolve("kubeconfig"),
                        "--hostname-override=node1",
                        "--proxy-mode=" + mode,
                        "--cluster-cidr=10.244.0.0/16",
                        "--iptables-min-sync-period=0s",
                        "--conntrack-max-per-core=0", // the limit is the machine's, not a namespace's
                        "-v=4");
        var lines = daemon.errorReader();
        Thread.ofVirtual().start(() -> {
            try (lines) {
                lines.lines().forEach(log::add);
            } catch (IOException | UncheckedIOException e) {
                log.add("the log ends: " + e);
            }
        });
        awaitLog("Finished reconciling conntrack entries\" ipFamily=\"IPv4\"");
    }

    private void stopDaemon() throws Exception {
        daemon.destroy();
        assertThat(daemon.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatKeepsSendingFollowsTheEndpointThatReplacesItsOwn() throws Exception {
        var toClusterIp = UdpTalker.start(client, 6000, DNS, 53);
        var toNodePort = UdpTalker.start(client, 6001, net.node("node1").address(IpFamily.IPV4), NODE_PORT);
        awaitAnswers(toClusterIp, first.name());
        awaitAnswers(toNodePort, first.name());
        put("dns", DNS, NODE_PORT, second);
        awaitAnswers(toClusterIp, second.name());
        awaitAnswers(toNodePort, second.name());
    }

    @Test
    void afterTheServiceIsDeletedNothingReachesItsPodAndItsSuccessorWorksAtOnce() throws Exception {
        var talker = UdpTalker.start(client, 6000, DNS, 53);
        var toNodePort = UdpTalker.start(client, 6001, net.node("node1").address(IpFamily.IPV4), NODE_PORT);
        awaitAnswers(talker, first.name());
        awaitAnswers(toNodePort, first.name());
        store.delete(ResourceTypes.SERVICES, new NamespacedName("default", "dns"));
        awaitAnswers(talker, "");
        awaitAnswers(toNodePort, "");
        assertThat(flows(6000)).doesNotContain(first.address(IpFamily.IPV4).toString());
        put("dns", DNS, NODE_PORT, second);
        awaitAnswers(talker, second.name());
        awaitAnswers(toNodePort, second.name());
    }

    @Test
    void aServiceThatIsDeletedWhileTheDaemonIsDownLeavesNoFlowsEither() throws Exception {
        var talker = UdpTalker.start(client, 6000, DNS, 53);
        var unaffected = UdpTalker.start(client, 6002, OTHER, 53);
        awaitAnswers(talker, first.name());
        awaitAnswers(unaffected, third.name());
        var ids = ids(6002);
        stopDaemon();
        store.delete(ResourceTypes.SERVICES, new NamespacedName("default", "dns"));
        assertThat(talker.answeredBy()).as("while nobody is there").isEqualTo(first.name());
        startDaemon();
        awaitAnswers(talker, "");
        assertThat(ids(6002)).isEqualTo(ids);
    }

    /** The rules of the mode before are still there when the first sync is over, and send what is deleted to its endpoint again. */
    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void aServiceThatIsDeletedWhileTheModeIsChangedLeavesNoFlowsEither(String before) throws Exception {
        stopDaemon();
        startDaemon(before);
        var talker = UdpTalker.start(client, 6000, DNS, 53);
        var unaffected = UdpTalker.start(client, 6002, OTHER, 53);
        awaitAnswers(talker, first.name());
        awaitAnswers(unaffected, third.name());
        var ids = ids(6002);
        stopDaemon();
        store.delete(ResourceTypes.SERVICES, new NamespacedName("default", "dns"));
        startDaemon(before.equals("iptables") ? "nftables" : "iptables");
        awaitAnswers(talker, "");
        awaitLog("Removed the rules of " + before + " mode");
        awaitAnswers(talker, "");
        assertThat(flows(6000)).doesNotContain(first.address(IpFamily.IPV4).toString());
        assertThat(ids(6002)).isEqualTo(ids);
    }

    @Test
    void afterScalingToZeroAndBackTheClientIsServedAtOnce() throws Exception {
        var talker = UdpTalker.start(client, 6000, DNS, 53);
        awaitAnswers(talker, first.name());
        put("dns", DNS, NODE_PORT);
        awaitAnswers(talker, "");
        assertThat(flows(6000)).doesNotContain(first.address(IpFamily.IPV4).toString());
        put("dns", DNS, NODE_PORT, second);
        awaitAnswers(talker, second.name());
    }

    @Test
    void aClientThatWasThereBeforeTheServiceIsServedAtOnce() throws Exception {
        var late = IpAddress.parse("10.96.0.99");
        var talker = UdpTalker.start(client, 6000, late, 53);
        awaitAnswers(talker, "");
        put("late", late, 0, second);
        awaitAnswers(talker, second.name());
    }

    @Test
    void flowsThatAreRightKeepTheirEntriesWhateverHappensToOthersAndAcrossARestart() throws Exception {
        put("dns", DNS, NODE_PORT, first, second);
        put("other", OTHER, 0, third);
        var unaffected = UdpTalker.start(client, 6002, OTHER, 53);
        var direct = UdpTalker.start(client, 6003, first.address(IpFamily.IPV4), 5353);
        var moving = UdpTalker.start(client, 6000, DNS, 53);
        awaitAnswers(unaffected, third.name());
        awaitAnswers(direct, first.name());
        var chosen = moving.answeredBy();
        var ids = ids(6002, 6003);
        put("dns", DNS, NODE_PORT, chosen.equals(first.name()) ? second : first);
        awaitAnswers(moving, chosen.equals(first.name()) ? second.name() : first.name());
        assertThat(ids(6002, 6003)).as("after a change of another Service").isEqualTo(ids);

        var all = ids(6000, 6002, 6003);
        stopDaemon();
        startDaemon();
        assertThat(ids(6000, 6002, 6003)).as("after a restart").isEqualTo(all);

        stopDaemon();
        put("dns", DNS, NODE_PORT, third);
        startDaemon();
        awaitAnswers(moving, third.name());
        assertThat(ids(6002, 6003))
                .as("after a restart that found another Service changed")
                .isEqualTo(ids);
    }

    private static void awaitAnswers(UdpTalker talker, String by) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        var answered = talker.answeredBy();
        while (!answered.equals(by)) {
            assertThat(System.nanoTime())
                    .as("\"%s\" should answer, \"%s\" does", by, answered)
                    .isLessThan(deadline);
            answered = talker.answeredBy();
        }
    }

    private void awaitLog(String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (log.stream().noneMatch(line -> line.contains(text))) {
            assertThat(daemon.isAlive()).as("the daemon runs: %s", log).isTrue();
            assertThat(System.nanoTime()).as("the log is %s", log).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private String flows(int sourcePort) {
        return node.exec("conntrack", "-L", "-p", "udp", "-o", "id", "--orig-port-src", String.valueOf(sourcePort));
    }

    /** What the kernel tells entries apart by. */
    private List<String> ids(int... sourcePorts) {
        return Arrays.stream(sourcePorts)
                .mapToObj(port -> Pattern.compile(" id=\\d+")
                        .matcher(flows(port))
                        .results()
                        .map(id -> port + id.group())
                        .collect(Collectors.joining()))
                .toList();
    }

    private void put(String name, IpAddress clusterIp, int nodePort, LabPod... endpoints) throws Exception {
        store.put(json("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"%s"},
                 "spec":{"type":"%s","clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["IPv4"],
                         "ports":[{"port":53,"protocol":"UDP","nodePort":%d}]}}""".formatted(name, nodePort == 0 ? "ClusterIP" : "NodePort", clusterIp, clusterIp, nodePort)));
        var addresses = Arrays.stream(endpoints)
                .map(pod -> """
                {"addresses":["%s"],"conditions":{"ready":true}}""".formatted(pod.address(IpFamily.IPV4)))
                .collect(Collectors.joining(","));
        store.put(json("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                 "metadata":{"namespace":"default","name":"%s-1","labels":{"kubernetes.io/service-name":"%s"}},
                 "ports":[{"name":"","port":5353,"protocol":"UDP"}],
                 "endpoints":[%s]}""".formatted(name, name, addresses)));
    }

    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) JSON.readTree(text);
    }
}
