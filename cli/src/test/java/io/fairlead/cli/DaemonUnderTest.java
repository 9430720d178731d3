package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A daemon as a process in a network namespace, its API server beside it, and what it has logged. */
final class DaemonUnderTest implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;

    static final String SYNCED = "\"First sync complete\" ipFamily=\"IPv4\"";

    final NetworkNamespace namespace;
    final ApiServer server;
    private final FairleadProcess program;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private DaemonUnderTest(NetworkNamespace namespace, ApiServer server) {
        this.namespace = namespace;
        this.server = server;
        program = FairleadProcess.in(namespace);
    }

    /** With an API server that knows the Node {@code node-1} and the Service {@code default/web}; nothing runs yet. */
    static DaemonUnderTest with(String role, ApiServer.Builder builder) throws Exception {
        var namespace = NetworkNamespace.create(role);
        var daemon = new DaemonUnderTest(
                namespace,
                namespace.call(() -> builder.store(ObjectStore.create()).start()));
        daemon.putNode("192.168.0.2");
        daemon.putService("web", "10.96.0.10", "10.244.0.1");
        return daemon;
    }

    /** Starts {@code fairlead proxy} with what every test needs. */
    Process start(Path kubeconfig, String... more) throws IOException {
        return start(program, kubeconfig, more);
    }

    /** The same through another program, or with other tools. */
    Process start(FairleadProcess program, Path kubeconfig, String... more) throws IOException {
        var args = new ArrayList<>(List.of(
                "proxy",
                "--kubeconfig=" + kubeconfig,
                "--hostname-override=node-1",
                "--cluster-cidr=10.244.0.0/16",
                "--iptables-min-sync-period=0s",
                "--iptables-sync-period=1s",
                // A network namespace cannot set this one.
                "--conntrack-max-per-core=0"));
        args.addAll(Arrays.asList(more));
        return run(program, args.toArray(String[]::new));
    }

    /** Starts Fairlead with these arguments and no others. */
    Process run(String... args) throws IOException {
        return run(program, args);
    }

    /** The same through another program, or with other tools. */
    Process run(FairleadProcess program, String... args) throws IOException {
        var process = program.start(args);
        processes.add(process);
        Thread.ofVirtual().start(() -> {
            try (var lines = process.errorReader()) {
                lines.lines().forEach(log::add);
            } catch (Exception e) {
                log.add(e.toString());
            }
        });
        return process;
    }

    List<String> log() {
        return log;
    }

    List<String> log(Predicate<String> which) {
        return log.stream().filter(which).toList();
    }

    void awaitLog(String text) throws InterruptedException {
        awaitLog(text, 1);
    }

    void awaitLog(String text, int times) throws InterruptedException {
        await(() -> log(line -> line.contains(text)).size() >= times, "no " + times + " × " + text);
    }

    void awaitRules(String text) throws InterruptedException {
        await(() -> rules().contains(text), "no rule with " + text);
    }

    /** Something that becomes true. */
    interface Condition {
        boolean holds() throws IOException;
    }

    void await(Condition condition, String otherwise) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds(condition)) {
            assertThat(System.nanoTime())
                    .as("%s\n%s", otherwise, String.join("\n", log))
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** A server that does not answer yet is one more reason to wait. */
    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (IOException e) {
            return false;
        }
    }

    /** Without counters and comments. */
    String rules() {
        return namespace.exec("iptables-save").replaceAll("(?m)^#.*\n", "").replaceAll("\\[\\d+:\\d+]", "");
    }

    /** An answer of one of the daemon's servers. */
    record Answer(int status, String body) {}

    Answer get(int port, String path) throws IOException {
        return namespace.call(() -> {
            var connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
            int status = connection.getResponseCode();
            try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Answer(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        });
    }

    int healthz() throws IOException {
        return get(10256, "/healthz").status();
    }

    /** On the thread of the namespace, which the new listening socket then belongs to. */
    void restartServer() throws IOException {
        restartServer(server.store());
    }

    /** Another server with the same objects, of whose history it knows nothing. */
    void replaceServer() throws IOException {
        var successor = server.store().successor();
        for (var type : List.of(ResourceTypes.NODES, ResourceTypes.SERVICES, ResourceTypes.ENDPOINT_SLICES)) {
            successor.load(server.store().image().objects(type).stream()
                    .map(StoredObject::toJson)
                    .toList());
        }
        restartServer(successor);
    }

    private void restartServer(ObjectStore store) throws IOException {
        namespace.call(() -> {
            server.restart(store);
            return server;
        });
    }

    void putNode(String address, String... podCidrs) throws IOException {
        var node = json("""
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"},"spec":{},
                 "status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}""".formatted(address));
        node.withObjectProperty("spec").set("podCIDRs", JSON.valueToTree(podCidrs));
        server.store().put(node);
    }

    void deleteService(String name) {
        server.store().delete(ResourceTypes.SERVICES, new NamespacedName("default", name));
    }

    void putService(String name, String clusterIp, String endpoint) throws IOException {
        server.store().put(json("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"%s"},
                 "spec":{"type":"ClusterIP","clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["IPv4"],
                         "ports":[{"port":80,"protocol":"TCP"}]}}""".formatted(name, clusterIp, clusterIp)));
        server.store().put(json("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                 "metadata":{"namespace":"default","name":"%s-1","labels":{"kubernetes.io/service-name":"%s"}},
                 "ports":[{"name":"","port":80,"protocol":"TCP"}],
                 "endpoints":[{"addresses":["%s"],"conditions":{"ready":true}}]}""".formatted(name, name, endpoint)));
    }

    static ObjectNode json(String text) throws IOException {
        return (ObjectNode) JSON.readTree(text);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        server.close();
        namespace.close();
    }
}
