package io.fairlead.lab.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.net.LabNode;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Nodes as their kubelets register them. */
final class NodeObjects {

    private static final String KUBELET_VERSION = "v1.36.0"; // whose API and rules the lab follows
    private static final int MAX_PODS = 110;

    private NodeObjects() {}

    static ObjectNode of(LabNode node, ClusterPlan.Node plan, boolean controlPlane) {
        var object =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Node");
        var metadata = object.putObject("metadata").put("name", node.name());
        var labels = metadata.putObject("labels")
                .put("kubernetes.io/hostname", node.name())
                .put("kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", architecture())
                .put("topology.kubernetes.io/region", "lab")
                .put("topology.kubernetes.io/zone", plan.zone());
        if (controlPlane) {
            labels.put("node-role.kubernetes.io/control-plane", "").put("node-role.kubernetes.io/master", "");
        }
        var spec = object.putObject("spec");
        spec.put("podCIDR", node.podCidr(IpFamily.IPV4).toString());
        var podCidrs = spec.putArray("podCIDRs");
        for (var family : IpFamily.values()) {
            podCidrs.add(node.podCidr(family).toString());
        }
        status(object.putObject("status"), node);
        return object;
    }

    private static void status(ObjectNode status, LabNode node) {
        for (var place : new String[] {"capacity", "allocatable"}) {
            status.putObject(place)
                    .put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()))
                    .put("pods", Integer.toString(MAX_PODS));
        }
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "KubeletReady")
                .put("message", "kubelet is posting ready status")
                .put("lastHeartbeatTime", now)
                .put("lastTransitionTime", now);
        var addresses = status.putArray("addresses");
        for (var address : node.addresses().both()) {
            addresses.addObject().put("type", "InternalIP").put("address", address.toString());
        }
        addresses.addObject().put("type", "Hostname").put("address", node.name());
        status.putObject("nodeInfo")
                .put("architecture", architecture())
                .put("operatingSystem", "linux")
                .put("osImage", osImage())
                .put("kernelVersion", System.getProperty("os.version", ""))
                .put("containerRuntimeVersion", "fairlead-lab://1")
                .put("kubeletVersion", KUBELET_VERSION)
                .put("kubeProxyVersion", KUBELET_VERSION);
    }

    private static String architecture() {
        String jvm = System.getProperty("os.arch", "");
        return jvm.equals("aarch64") ? "arm64" : jvm;
    }

    private static String osImage() {
        try (var lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("PRETTY_NAME="))
                    .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                    .findFirst()
                    .orElse("Linux");
        } catch (IOException e) {
            return "Linux";
        }
    }
}
