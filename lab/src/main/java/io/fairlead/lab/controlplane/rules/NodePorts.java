package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Node ports of Services, health check node ports among them. */
public final class NodePorts {

    private final int first;
    private final int last;
    private final Pool<Integer> pool;

    /** @param first the lowest port to hand out, and {@code last}: the highest */
    public NodePorts(int first, int last, RandomGenerator random) {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException("node ports: " + first + "-" + last + " is not a range of ports");
        }
        this.first = first;
        this.last = last;
        // KEP-3668: a 32nd of the range, at least 16 and at most 128 ports, is left to those who ask by number.
        this.pool = new Pool<>(last - first + 1, 32, 16, 128, number -> first + number - 1, random);
    }

    void take(ObjectNode service) {
        ports(service).forEach(port -> pool.take(port, ObjectMeta.name(ResourceTypes.SERVICES, service)));
    }

    void give(ObjectNode service) {
        ports(service).forEach(port -> pool.give(port, ObjectMeta.name(ResourceTypes.SERVICES, service)));
    }

    private static List<Integer> ports(ObjectNode service) {
        var ports = new ArrayList<Integer>();
        service.at("/spec/ports")
                .forEach(port -> ports.add(port.path("nodePort").asInt()));
        ports.add(service.at("/spec/healthCheckNodePort").asInt());
        ports.removeIf(port -> port == 0);
        return ports;
    }

    /** Ports that a client does not repeat keep their node ports. */
    static void keep(ObjectNode old, ObjectNode spec) {
        var taken = new HashSet<String>();
        spec.path("ports").forEach(port -> taken.add(nodePort(port)));
        for (var port : spec.path("ports")) {
            for (var before : old.path("ports")) {
                if (port instanceof ObjectNode object
                        && object.path("nodePort").asInt() == 0
                        && before.path("nodePort").asInt() != 0
                        && sameFrontend(before, port)
                        && taken.add(nodePort(before))) {
                    object.set("nodePort", before.path("nodePort"));
                }
            }
        }
    }

    private static String nodePort(JsonNode port) {
        return port.path("nodePort").asText() + "/" + port.path("protocol").asText("TCP");
    }

    private static boolean sameFrontend(JsonNode one, JsonNode other) {
        return one.path("port").equals(other.path("port"))
                && one.path("protocol")
                        .asText("TCP")
                        .equals(other.path("protocol").asText("TCP"));
    }

    /** Completes node ports and the health check node port, and checks those asked for. */
    void allocate(ObjectNode service, Violations violations) {
        var spec = (ObjectNode) service.path("spec");
        var owner = ObjectMeta.name(ResourceTypes.SERVICES, service);
        var used = new HashSet<Integer>();
        // Ports that differ only in their protocol get the same node port.
        Map<Integer, Integer> byPort = new HashMap<>();
        checkAsked(spec, owner, used, byPort, violations);
        if (ServiceRules.hasNodePorts(spec)) {
            for (var port : spec.path("ports")) {
                if (port instanceof ObjectNode object && object.path("nodePort").asInt() == 0) {
                    assign(object, spec, used, byPort, violations);
                }
            }
        }
        healthCheck(spec, owner, used, violations);
    }

    private void checkAsked(
            ObjectNode spec,
            NamespacedName owner,
            Set<Integer> used,
            Map<Integer, Integer> byPort,
            Violations violations) {
        int i = 0;
        for (var port : spec.path("ports")) {
            int nodePort = port.path("nodePort").asInt();
            if (nodePort != 0) {
                requireFree("spec.ports[" + i + "].nodePort", nodePort, owner, violations);
                used.add(nodePort);
                byPort.putIfAbsent(port.path("port").asInt(), nodePort);
            }
            i++;
        }
    }

    private void assign(
            ObjectNode port, ObjectNode spec, Set<Integer> used, Map<Integer, Integer> byPort, Violations violations) {
        int number = port.path("port").asInt();
        if (byPort.containsKey(number) && isFreeFor(port, byPort.get(number), spec)) {
            port.put("nodePort", byPort.get(number));
            return;
        }
        var free = pool.free(used);
        if (free.isEmpty()) {
            violations.invalid(
                    "spec.ports.nodePort", spec.path("ports"), "failed to allocate a nodePort: range is full");
            return;
        }
        used.add(free.get());
        byPort.put(number, free.get());
        port.put("nodePort", free.get());
    }

    private static boolean isFreeFor(ObjectNode port, int nodePort, ObjectNode spec) {
        for (var other : spec.path("ports")) {
            if (other.path("nodePort").asInt() == nodePort
                    && other.path("protocol").equals(port.path("protocol"))) {
                return false;
            }
        }
        return true;
    }

    private void healthCheck(ObjectNode spec, NamespacedName owner, Set<Integer> used, Violations violations) {
        if (!ServiceRules.needsHealthCheckPort(spec)) {
            spec.remove("healthCheckNodePort");
            return;
        }
        int asked = spec.path("healthCheckNodePort").asInt();
        if (asked != 0) {
            requireFree("spec.healthCheckNodePort", asked, owner, violations);
        } else {
            pool.free(used).ifPresent(port -> spec.put("healthCheckNodePort", port));
        }
    }

    private void requireFree(String field, int port, NamespacedName owner, Violations violations) {
        var value = Json.object().numberNode(port);
        if (port < first || port > last) {
            violations.invalid(
                    field,
                    value,
                    "provided port is not in the valid range. The range of valid ports is " + first + "-" + last);
        } else if (pool.owner(port).filter(other -> !other.equals(owner)).isPresent()) {
            violations.invalid(field, value, "provided port is already allocated");
        }
    }
}
