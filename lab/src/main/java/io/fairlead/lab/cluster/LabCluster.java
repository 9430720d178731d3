package io.fairlead.lab.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.controlplane.ControlPlane;
import io.fairlead.lab.dns.DnsZone;
import io.fairlead.lab.kubelet.ContainerLogs;
import io.fairlead.lab.kubelet.Kubelet;
import io.fairlead.lab.kubelet.KubeletSetup;
import io.fairlead.lab.net.LabNode;
import io.fairlead.lab.net.Topology;
import io.fairlead.lab.program.DnsServer;
import io.fairlead.lab.program.EchoServer;
import io.fairlead.lab.program.Images;
import io.fairlead.lab.program.Nginx;
import io.fairlead.lab.program.ProxyImage;
import io.fairlead.lab.program.StandIn;
import io.fairlead.lab.program.WebServer;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A lab that runs in this process; its proxies are processes of their own. Safe for use by many threads. */
public final class LabCluster implements AutoCloseable {

    private static final Duration STEP = Duration.ofMillis(50);

    private final ClusterPlan plan;
    private final LabDirectory directory;
    private final Topology topology;
    private final List<Kubelet> kubelets = new CopyOnWriteArrayList<>();
    private final ControlPlane plane;
    private final Thread atExit;
    private int systemPods;
    private volatile boolean closing;
    private boolean closed;

    private LabCluster(ClusterPlan plan, LabDirectory directory, List<String> program, Thread atExit)
            throws IOException {
        this.atExit = atExit;
        this.plan = plan;
        this.directory = directory;
        this.topology = build();
        try {
            this.plane = startControlPlane();
        } catch (IOException | RuntimeException e) {
            topology.close();
            throw e;
        }
        try {
            populate(program);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a lab; what it runs may still be getting ready. It ends with this process at the latest, also when that is
     * told to end while the lab starts.
     *
     * @param base the directory of labs; a directory for this one is claimed there, and removed with it
     * @param name of the lab
     * @param program the command line that starts Fairlead, up to its first argument
     */
    public static LabCluster start(ClusterPlan plan, Path base, String name, List<String> program) throws IOException {
        var started = new CompletableFuture<Optional<LabCluster>>();
        // A start is not broken off: it is over soon, and what is half made is removed only half.
        var atExit = Thread.ofPlatform().unstarted(() -> started.join().ifPresent(LabCluster::close));
        // Before there is anything to remove: the end may be asked for at any moment.
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            var cluster = inDirectory(LabDirectory.claim(base, name), plan, program, atExit);
            started.complete(Optional.of(cluster));
            return cluster;
        } finally {
            started.complete(Optional.empty());
        }
    }

    private static LabCluster inDirectory(LabDirectory directory, ClusterPlan plan, List<String> program, Thread atExit)
            throws IOException {
        try {
            return new LabCluster(plan, directory, program, atExit);
        } catch (IOException | RuntimeException e) {
            Remains.clean(directory).forEach(left -> e.addSuppressed(new IOException(left)));
            throw e;
        }
    }

    private Topology build() {
        var builder = Topology.builder()
                .lan(ClusterPlan.LAN)
                .outsideNumber(ClusterPlan.OUTSIDE_NUMBER)
                .flannel(ClusterPlan.POD_NETWORK)
                .ledger(directory);
        plan.nodes().forEach(node -> builder.node(node.plan()));
        var built = builder.build();
        built.announce(IpAddress.parse(ClusterPlan.API_ADDRESS), built.nodes().getFirst());
        for (var range : List.of(ClusterPlan.LOAD_BALANCERS, ClusterPlan.LOAD_BALANCERS_V6)) {
            built.routeFromOutside(IpPrefix.parse(range), built.nodes().getFirst());
        }
        return built;
    }

    /** On the first node's own thread, which its listening socket then belongs to. */
    private ControlPlane startControlPlane() throws IOException {
        var api = InetAddress.getByName(ClusterPlan.API_ADDRESS);
        var first = topology.nodes().getFirst();
        var builder = ControlPlane.builder()
                .listenOn(api, ClusterPlan.API_PORT)
                .certificateNames(InetAddress.getByName("10.96.0.1"), api)
                .kubernetesEndpoint(new InetSocketAddress(api, ClusterPlan.API_PORT))
                .serviceCidrs(ClusterPlan.SERVICE_CIDR, ClusterPlan.SERVICE_CIDR_V6)
                .nodePorts(30000, 32767)
                .loadBalancerAddresses(ClusterPlan.LOAD_BALANCERS, ClusterPlan.LOAD_BALANCERS_V6)
                .hint(ClusterPlan.HINTS)
                .podLogs(new ContainerLogs(() -> kubelets));
        return first.namespace().call(builder::start);
    }

    private void populate(List<String> program) throws IOException {
        var here = plane.listen(InetAddress.getLoopbackAddress(), 0);
        writeSecret(directory.kubeconfig(), plane.kubeconfig(here.url()));
        writeSecret(directory.nodeKubeconfig(), plane.kubeconfig());
        var setup = new KubeletSetup(
                store(),
                (regarding, type, reason, message, node) ->
                        plane.events().record(regarding, type, reason, message, "kubelet", node),
                images(program),
                new InetSocketAddress(InetAddress.getByName(ClusterPlan.API_ADDRESS), ClusterPlan.API_PORT),
                directory.path());
        for (int i = 0; i < plan.nodes().size(); i++) {
            var node = topology.nodes().get(i);
            store().create(NodeObjects.of(node, plan.nodes().get(i), i == 0));
            kubelets.add(Kubelet.start(node, setup, plan.nodes().get(i).firstPod()));
        }
        topology.nodes().forEach(node -> {
            store().create(SystemObjects.proxyPod(node.name()));
            store().create(SystemObjects.networkPod(node.name()));
        });
        var controlPlane =
                SystemObjects.controlPlanePods(topology.nodes().getFirst().name());
        controlPlane.forEach(store()::create);
        store().create(SystemObjects.dnsService());
        int dnsServers = Math.min(2, plan.nodes().size());
        store().create(SystemObjects.dnsDeployment(dnsServers));
        systemPods = controlPlane.size() + 2 * plan.nodes().size() + dnsServers;
        directory.write(new LabNote(
                Instant.now(),
                plan.mode(),
                here.url().toString(),
                topology.nodes().stream().map(LabCluster::noted).toList()));
    }

    private static LabNote.Node noted(LabNode node) {
        return new LabNote.Node(
                node.name(),
                node.namespace().name(),
                node.addresses().both().stream().map(IpAddress::toString).collect(Collectors.joining(",")),
                Stream.of(IpFamily.values())
                        .map(family -> node.podCidr(family).toString())
                        .collect(Collectors.joining(",")));
    }

    private Images images(List<String> program) {
        var arguments = List.of(
                "--kubeconfig=" + directory.nodeKubeconfig(),
                "--proxy-mode=" + plan.mode(),
                "--cluster-cidr=" + ClusterPlan.POD_NETWORK.ipv4() + "," + ClusterPlan.POD_NETWORK.ipv6(),
                "--conntrack-max-per-core=0"); // the machine's, not the node's
        return new Images(Map.of(
                "nginx", Nginx.find(directory.path()).orElseGet(WebServer::new),
                "coredns", new DnsServer(new DnsZone(store(), ClusterPlan.DOMAIN)),
                "echo", new EchoServer(),
                "fairlead", new ProxyImage(program, arguments, directory.path()),
                "fairlead-lab", new StandIn()));
    }

    private static void writeSecret(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /**
     * Waits until every pod is ready.
     *
     * @throws LabException when they are not within this time; says which
     */
    public void awaitReady(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!waitedFor().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new LabException("not ready after " + patience.toSeconds() + " s: "
                        + String.join(", ", waitedFor()) + "; see the logs in " + directory.path());
            }
            Thread.sleep(STEP);
        }
    }

    /** What is not ready yet. */
    private List<String> waitedFor() {
        var waited = new ArrayList<String>();
        int system = 0;
        for (var pod : store().image().objects(ResourceTypes.PODS)) {
            if (pod.name().namespace().equals("kube-system")) {
                system++;
            }
            if (!isReady(pod.toJson())) {
                waited.add("pod " + pod.name());
            }
        }
        if (system < systemPods) {
            waited.add((systemPods - system) + " more pods in kube-system");
        }
        return waited;
    }

    private static boolean isReady(ObjectNode pod) {
        for (var condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    public ObjectStore store() {
        return plane.store();
    }

    public ControlPlane controlPlane() {
        return plane;
    }

    public Topology topology() {
        return topology;
    }

    public LabDirectory directory() {
        return directory;
    }

    /** Stops the API server, which clients then find gone, and starts it again in the same place. */
    public void restartApiServer() throws IOException {
        topology.nodes().getFirst().namespace().call(() -> {
            plane.server().restart();
            return plane;
        });
    }

    /** Whether it is being ended, or has been: what fails from here on fails because of that. */
    public boolean isClosing() {
        return closing;
    }

    /** Ends and removes everything; the second time it only waits for that. */
    @Override
    public void close() {
        closing = true;
        synchronized (this) {
            if (!closed) {
                closed = true;
                remove();
            }
        }
    }

    private void remove() {
        try {
            closeKubelets();
            plane.close();
        } finally {
            topology.close();
        }
        try {
            var left = Remains.clean(directory);
            if (!left.isEmpty()) {
                throw new IllegalStateException(String.join("; ", left));
            }
        } catch (IOException e) {
            throw new IllegalStateException("removing " + directory.path() + ": " + e.getMessage(), e);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This is the hook, or it waits for this.
        }
    }

    /** All at once: each waits for its programs to die. */
    private void closeKubelets() {
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            kubelets.forEach(kubelet -> each.execute(kubelet::close));
        }
    }
}
