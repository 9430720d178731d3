package io.fairlead.cli.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ResourceType;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.lab.cluster.ClusterPlan;
import io.fairlead.lab.cluster.LabCluster;
import io.fairlead.lab.net.LabNode;
import io.fairlead.lab.net.LabPod;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A lab of three nodes with real proxy processes, and short words for what tests do in it. */
final class LabWorld implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ECHO_PORT = 8080;

    private final Path folder;
    private final LabCluster lab;

    private LabWorld(Path folder, LabCluster lab) {
        this.folder = folder;
        this.lab = lab;
    }

    static LabWorld start(String mode) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("fairlead-labs");
        var lab = LabCluster.start(ClusterPlan.of(mode, 3), folder, "test-" + mode, FairleadUnderTest.program());
        try {
            lab.awaitReady(PATIENCE);
            return new LabWorld(folder, lab);
        } catch (IOException | InterruptedException | RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    LabCluster lab() {
        return lab;
    }

    List<LabNode> nodes() {
        return lab.topology().nodes();
    }

    LabNode node(String name) {
        return lab.topology().node(name);
    }

    StoredObject create(String object) {
        try {
            return lab.store().create((ObjectNode) JSON.readTree(object));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(object, e);
        }
    }

    /** An echo pod labelled {@code app=APP} on a node. */
    LabPod echo(String app, String name, String node) throws Exception {
        create("""
                {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"default","name":"%s","labels":{"app":"%s"}},
                 "spec":{"nodeName":"%s","containers":[{"name":"echo","image":"echo"}]}}""".formatted(name, app, node));
        awaitReady();
        return pod(node, name);
    }

    LabPod pod(String node, String name) {
        return node(node).pods().stream()
                .filter(pod -> pod.name().equals("default." + name))
                .findAny()
                .orElseThrow();
    }

    /** A Service of both families for the pods of an app, port 80. */
    NamespacedName service(String name, String app, String moreOfSpec) {
        create("""
                {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"%s"},
                 "spec":{"selector":{"app":"%s"},"ipFamilyPolicy":"RequireDualStack",%s
                  "ports":[{"port":80,"targetPort":%d,"protocol":"TCP"}]}}""".formatted(name, app, moreOfSpec.isEmpty() ? "" : moreOfSpec + ",", ECHO_PORT));
        return new NamespacedName("default", name);
    }

    JsonNode get(ResourceType type, NamespacedName name) {
        return lab.store().get(type, name).orElseThrow().toJson();
    }

    JsonNode spec(NamespacedName service) {
        return get(ResourceTypes.SERVICES, service).path("spec");
    }

    List<IpAddress> clusterIps(NamespacedName service) {
        var ips = spec(service).path("clusterIPs");
        return List.of(
                IpAddress.parse(ips.path(0).asText()),
                IpAddress.parse(ips.path(1).asText()));
    }

    int nodePort(NamespacedName service) {
        return spec(service).path("ports").path(0).path("nodePort").asInt();
    }

    /** Deletes pods as a client does it: they get their grace period. */
    void delete(ResourceType type, String name) {
        lab.store().delete(type, new NamespacedName("default", name));
    }

    void awaitReady() throws IOException, InterruptedException {
        lab.awaitReady(PATIENCE);
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain: " + what);
            }
            Thread.sleep(50);
        }
    }

    /** The process of a node's proxy. */
    ProcessHandle proxy(String node) {
        return ProcessHandle.current()
                .children()
                .filter(child -> commandLine(child)
                        .filter(line -> line.contains("--hostname-override=" + node + "\0"))
                        .isPresent())
                .findAny()
                .orElseThrow();
    }

    private static Optional<String> commandLine(ProcessHandle process) {
        try {
            return Optional.of(Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        lab.close();
        Files.deleteIfExists(folder);
    }
}
