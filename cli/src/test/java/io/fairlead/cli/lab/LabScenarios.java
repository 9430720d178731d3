package io.fairlead.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.lab.net.Probe;
import io.fairlead.lab.net.ProbeResult;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.cluster.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What three nodes do together: one lab for all tests of a mode, both address families in each. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LabScenarios {

    private static final Duration SOON = Duration.ofMillis(700);

    private final String mode;
    private LabWorld world;

    LabScenarios(String mode) {
        this.mode = mode;
    }

    @BeforeAll
    void start() throws Exception {
        world = LabWorld.start(mode);
    }

    @AfterAll
    void end() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static boolean answers(NetworkNamespace from, IpAddress address, int port) {
        return Probe.from(from).waiting(SOON).tcp(address, port) instanceof ProbeResult.Answer;
    }

    private void awaitAnswers(NetworkNamespace from, IpAddress address, int port) throws InterruptedException {
        LabWorld.await(from + " reaches " + address.withPort(port), () -> answers(from, address, port));
    }

    @Test
    void nodePortsAnswerOnEveryNodeWhereverThePodsAre() throws Exception {
        world.echo("np", "np-1", "k8s1");
        world.echo("np", "np-3", "k8s3");
        var service = world.service("np", "np", "\"type\":\"NodePort\"");
        int port = world.nodePort(service);
        var outside = world.lab().topology().outside();
        for (var node : world.nodes()) {
            for (var family : IpFamily.values()) {
                awaitAnswers(outside.namespace(), node.address(family), port);
                var tally = Probe.from(outside).many(Protocol.TCP, node.address(family), port, 40);
                assertThat(tally.failures()).as("%s %s", node, family).isEmpty();
                assertThat(tally.answers().keySet()).as("%s %s", node, family).isEqualTo(Set.of("np-1", "np-3"));
            }
        }
    }

    @Test
    void externalTrafficPolicyLocalKeepsTheClientsAddressAndTellsLoadBalancersWhereToSend() throws Exception {
        world.echo("local", "local-2", "k8s2");
        var service = world.service("local", "local", "\"type\":\"LoadBalancer\",\"externalTrafficPolicy\":\"Local\"");
        int port = world.nodePort(service);
        int health = world.spec(service).path("healthCheckNodePort").asInt();
        var outside = world.lab().topology().outside();
        for (var node : world.nodes()) {
            for (var family : IpFamily.values()) {
                boolean local = node.name().equals("k8s2");
                String expected = local ? "HTTP/1.1 200" : "HTTP/1.1 503";
                LabWorld.await(
                        node + " " + family + " says " + expected,
                        () -> status(outside.namespace(), node.address(family), health)
                                .startsWith(expected));
                if (local) {
                    awaitAnswers(outside.namespace(), node.address(family), port);
                    assertThat(Probe.from(outside).tcp(node.address(family), port))
                            .isInstanceOfSatisfying(
                                    ProbeResult.Answer.class,
                                    answer -> assertThat(answer.seenSource()).isEqualTo(outside.address(family)));
                } else {
                    LabWorld.await(
                            node + " drops " + family,
                            () -> Probe.from(outside).waiting(SOON).tcp(node.address(family), port)
                                    instanceof ProbeResult.TimedOut);
                }
            }
        }
        LabWorld.await("a load balancer's address", () -> !ingress(service).isEmpty());
        var vip = IpAddress.parse(ingress(service));
        world.lab().topology().routeFromOutside(IpPrefix.host(vip), world.node("k8s2"));
        awaitAnswers(outside.namespace(), vip, 80);
    }

    private String ingress(NamespacedName service) {
        return world.get(ResourceTypes.SERVICES, service)
                .path("status")
                .path("loadBalancer")
                .path("ingress")
                .path(0)
                .path("ip")
                .asText("");
    }

    /** The status line of a health check; empty when there is no answer. */
    private static String status(NetworkNamespace from, IpAddress address, int port) {
        try (var channel = from.call(() -> SocketChannel.open())) {
            var socket = channel.socket();
            socket.setSoTimeout(2_000);
            socket.connect(new InetSocketAddress(address.toInetAddress(), port), 2_000);
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void trafficThatPrefersItsZoneStaysThere() throws Exception {
        for (var node : world.nodes()) {
            world.echo("zone", "zone-" + node.name(), node.name());
        }
        var service = world.service("zone", "zone", "\"trafficDistribution\":\"PreferClose\"");
        for (var node : world.nodes()) {
            var client = world.pod(node.name(), "zone-" + node.name());
            for (var address : world.clusterIps(service)) {
                LabWorld.await(node + " stays in its zone", () -> {
                    var tally = Probe.from(client).many(Protocol.TCP, address, 80, 20);
                    return tally.failures().isEmpty()
                            && tally.answers().keySet().equals(Set.of("zone-" + node.name()));
                });
            }
        }
    }

    @Test
    void allPodsOfAServiceAreReplacedWithoutOneFailedRequest() throws Exception {
        world.create("""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"namespace":"default","name":"roll"},
                 "spec":{"replicas":3,"selector":{"matchLabels":{"app":"roll"}},
                  "template":{"metadata":{"labels":{"app":"roll"}},
                   "spec":{"containers":[{"name":"echo","image":"echo",
                     "lifecycle":{"preStop":{"sleep":{"seconds":3}}},
                     "readinessProbe":{"tcpSocket":{"port":8080},"periodSeconds":1}}]}}}}""");
        LabWorld.await("three pods", () -> pods("roll-").size() == 3);
        world.awaitReady();
        var service = world.service("roll", "roll", "\"type\":\"NodePort\"");
        var before = pods("roll-");
        try (var load = new SteadyLoad(world.lab().topology(), world.clusterIps(service), world.nodePort(service))) {
            load.awaitAnswers();
            world.lab()
                    .store()
                    .edit(
                            world.lab()
                                    .store()
                                    .types()
                                    .byKind("apps/v1", "Deployment")
                                    .orElseThrow(),
                            new NamespacedName("default", "roll"),
                            deployment -> {
                                deployment
                                        .withObject("/spec/template/metadata/annotations")
                                        .put("version", "2");
                                return deployment;
                            });
            LabWorld.await("all pods replaced", () -> {
                var now = pods("roll-");
                return now.size() == 3 && now.stream().noneMatch(before::contains);
            });
            assertThat(load.failures()).isEmpty();
            assertThat(load.servers()).as("who answered").containsAll(before).hasSizeGreaterThan(3);
        }
    }

    private Set<String> pods(String prefix) {
        return world.lab().store().image().objects(ResourceTypes.PODS).stream()
                .map(pod -> pod.name().name())
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toSet());
    }

    @Test
    void aKilledProxyLeavesItsRulesAndCatchesUpWhenItIsBack() throws Exception {
        world.echo("killed", "killed-1", "k8s1");
        var before = world.service("killed-before", "killed", "");
        var client = world.node("k8s2").namespace();
        for (var address : world.clusterIps(before)) {
            awaitAnswers(client, address, 80);
        }
        var proxy = world.proxy("k8s2");
        proxy.destroyForcibly();
        proxy.onExit().join();
        var after = world.service("killed-after", "killed", "");
        for (var address : world.clusterIps(before)) {
            assertThat(answers(client, address, 80)).as("without a proxy").isTrue();
        }
        for (var address : world.clusterIps(after)) {
            awaitAnswers(client, address, 80);
        }
        assertThat(world.proxy("k8s2").pid()).isNotEqualTo(proxy.pid());
        world.awaitReady();
    }

    @Test
    void anApiServerThatRestartsIsFollowedAgain() throws Exception {
        world.echo("api", "api-1", "k8s3");
        var before = world.service("api-before", "api", "");
        awaitEverywhere(before);
        world.lab().restartApiServer();
        for (var node : world.nodes()) {
            assertThat(answers(node.namespace(), world.clusterIps(before).getFirst(), 80))
                    .isTrue();
        }
        awaitEverywhere(world.service("api-after", "api", ""));
    }

    private void awaitEverywhere(NamespacedName service) throws InterruptedException {
        for (var node : world.nodes()) {
            for (var address : world.clusterIps(service)) {
                awaitAnswers(node.namespace(), address, 80);
            }
        }
    }

    @Test
    void aNodeThatIsCutOffIsNotReadyAndCatchesUpWhenItIsBack() throws Exception {
        world.echo("cut", "cut-3", "k8s3");
        world.echo("cut", "cut-1", "k8s1");
        var away = world.node("k8s3");
        var before = world.service("cut-before", "cut", "");
        awaitEverywhere(before);
        world.lab().topology().cutOff(away);
        NamespacedName during;
        try {
            during = world.service("cut-during", "cut", "");
            for (var address : world.clusterIps(during)) {
                for (var node : world.nodes().subList(0, 2)) {
                    // The endpoint on the node that is away does not answer, the other one does.
                    awaitAnswers(node.namespace(), address, 80);
                }
                assertThat(answers(away.namespace(), address, 80)).isFalse();
            }
            LabWorld.await("k8s3 is not heard of", () -> readiness("k8s3").equals("Unknown"));
            LabWorld.await(
                    "only one endpoint is ready", () -> readyEndpoints(before).equals(Set.of("cut-1")));
            assertThat(world.get(ResourceTypes.NODES, new NamespacedName("", "k8s3"))
                            .at("/spec/taints/0/key")
                            .asText())
                    .isEqualTo("node.kubernetes.io/unreachable");
            for (var node : world.nodes().subList(0, 2)) {
                for (var address : world.clusterIps(before)) {
                    LabWorld.await(node + " asks only who is there", () -> {
                        var tally = Probe.from(node.namespace()).waiting(SOON).many(Protocol.TCP, address, 80, 20);
                        return tally.failures().isEmpty();
                    });
                }
            }
        } finally {
            world.lab().topology().rejoin(away);
        }
        awaitEverywhere(during);
        LabWorld.await("k8s3 is ready", () -> readiness("k8s3").equals("True"));
        LabWorld.await("both endpoints are ready", () -> readyEndpoints(before).size() == 2);
        LabWorld.await(
                "pods may run there again",
                () -> world.get(ResourceTypes.NODES, new NamespacedName("", "k8s3"))
                        .at("/spec/taints")
                        .isEmpty());
    }

    private String readiness(String node) {
        return world.get(ResourceTypes.NODES, new NamespacedName("", node))
                .at("/status/conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals("Ready"))
                .map(condition -> condition.path("status").asText())
                .findFirst()
                .orElse("");
    }

    /** Names of the pods that a Service's slices call ready. */
    private Set<String> readyEndpoints(NamespacedName service) {
        return world.lab().store().image().objects(ResourceTypes.ENDPOINT_SLICES, service.namespace()).stream()
                .filter(slice -> service.name().equals(slice.labels().get("kubernetes.io/service-name")))
                .flatMap(slice -> slice.toJson().path("endpoints").valueStream())
                .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean())
                .map(endpoint -> endpoint.at("/targetRef/name").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void podsReachDnsThroughItsService() throws Exception {
        var client = world.echo("dns", "dns-client", "k8s3");
        var question = new ByteArrayOutputStream();
        question.writeBytes(new byte[] {0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (var label : "kubernetes.default.svc.cluster.local".split("\\.", -1)) {
            question.write(label.length());
            question.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        question.writeBytes(new byte[] {0, 0, 1, 0, 1});
        var answer = Datagrams.ask(client.namespace(), IpAddress.parse("10.96.0.10"), 53, question.toByteArray());
        assertThat(Arrays.copyOfRange(answer, answer.length - 4, answer.length))
                .isEqualTo(IpAddress.parse("10.96.0.1").toBytes());
    }
}
