package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.net.LabNode;
import io.fairlead.netfilter.ip.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes a pod's status into its object. */
record PodStatus(LabNode node, Instant started, Optional<Sandbox> sandbox, List<ContainerUnit> units, Instant now) {

    void writeTo(ObjectNode pod) {
        var status = pod.withObject("/status");
        status.put("phase", phase());
        status.put("hostIP", node.addresses().ipv4().toString());
        addresses(status.putArray("hostIPs"), node.addresses().both());
        status.put("startTime", ContainerState.time(started));
        sandbox.ifPresent(open -> {
            status.put("podIP", open.addresses().ipv4().toString());
            addresses(status.putArray("podIPs"), open.addresses().both());
        });
        boolean ready = !units.isEmpty() && units.stream().allMatch(ContainerUnit::isReady);
        boolean done = phase().equals("Succeeded");
        String why = ready ? "" : done ? "PodCompleted" : "ContainersNotReady";
        condition(status, "PodReadyToStartContainers", sandbox.isPresent(), "");
        condition(status, "Initialized", true, "");
        condition(status, "Ready", ready, why);
        condition(status, "ContainersReady", ready, why);
        var containers = status.putArray("containerStatuses");
        units.forEach(unit -> unit.writeTo(containers.addObject()));
    }

    private static void addresses(ArrayNode array, List<IpAddress> addresses) {
        addresses.forEach(address -> array.addObject().put("ip", address.toString()));
    }

    String phase() {
        if (units.stream().allMatch(unit -> unit.starts() == 0)) {
            return "Pending";
        }
        boolean over = units.stream()
                .allMatch(unit -> unit.state() instanceof ContainerState.Terminated
                        && unit.due().isEmpty());
        if (!over) {
            return "Running";
        }
        boolean good = units.stream()
                .allMatch(
                        unit -> unit.state() instanceof ContainerState.Terminated(var exit, var _, var _) && exit == 0);
        return good ? "Succeeded" : "Failed";
    }

    /** Adds or changes a condition; its time stays while it does not change. */
    private void condition(ObjectNode status, String type, boolean yes, String reason) {
        var conditions = status.withArray("/conditions");
        ObjectNode condition = null;
        for (var candidate : conditions) {
            if (candidate.path("type").asText().equals(type)) {
                condition = (ObjectNode) candidate;
            }
        }
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
        }
        String value = yes ? "True" : "False";
        if (!condition.path("status").asText().equals(value)) {
            condition.put("lastTransitionTime", ContainerState.time(now));
        }
        condition.put("status", value);
        if (reason.isEmpty()) {
            condition.remove("reason");
            condition.remove("message");
        } else {
            condition.put("reason", reason);
            if (reason.equals("ContainersNotReady")) {
                condition.put("message", "containers with unready status: " + unready());
            }
        }
    }

    private List<String> unready() {
        return units.stream()
                .filter(unit -> !unit.isReady())
                .map(unit -> unit.spec().name())
                .toList();
    }
}
