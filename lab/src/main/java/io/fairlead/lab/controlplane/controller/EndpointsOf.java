package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/**
 * A Service's view of its pods: which endpoint a pod is, and on which ports.
 *
 * @param service the Service
 * @param nodes where the zones of nodes are found
 */
record EndpointsOf(ObjectNode service, Zones nodes) {

    /** By port number, protocol, name. */
    private static final Comparator<JsonNode> PORT_ORDER = Comparator.<JsonNode>comparingInt(
                    port -> port.path("port").asInt())
            .thenComparing(port -> port.path("protocol").asText())
            .thenComparing(port -> port.path("name").asText());

    /** Where nodes are. */
    interface Zones {
        /** Empty if the node is unknown or in no zone. */
        String zone(String node);
    }

    /** The pod's address of a family; empty if it cannot be an endpoint. */
    static Optional<IpAddress> address(JsonNode pod, IpFamily family) {
        if (Pods.isTerminal(pod)) {
            return Optional.empty();
        }
        for (var entry : pod.at("/status/podIPs")) {
            var ip = IpAddress.tryParse(entry.path("ip").asText());
            if (ip.filter(address -> address.family() == family).isPresent()) {
                return ip;
            }
        }
        return IpAddress.tryParse(pod.at("/status/podIP").asText()).filter(address -> address.family() == family);
    }

    /** An entry of an EndpointSlice. */
    ObjectNode endpoint(ObjectNode pod, IpAddress address) {
        var endpoint = Json.object();
        endpoint.putArray("addresses").add(address.toString());
        boolean serving = Pods.isReady(pod);
        boolean terminating = Pods.isTerminating(pod);
        endpoint.putObject("conditions")
                .put("ready", publishesNotReady() || serving && !terminating)
                .put("serving", serving)
                .put("terminating", terminating);
        if (isNamedHost(pod)) {
            endpoint.put("hostname", pod.at("/spec/hostname").asText());
        }
        endpoint.set("targetRef", target(pod));
        var node = pod.at("/spec/nodeName").asText();
        if (!node.isEmpty()) {
            endpoint.put("nodeName", node);
            if (!nodes.zone(node).isEmpty()) {
                endpoint.put("zone", nodes.zone(node));
            }
        }
        hints(endpoint);
        return endpoint;
    }

    /** Who should use it, by the Service's trafficDistribution. */
    private void hints(ObjectNode endpoint) {
        var distribution = service.at("/spec/trafficDistribution").asText();
        if (distribution.isEmpty()
                || !endpoint.has("zone")
                || !endpoint.at("/conditions/ready").asBoolean()) {
            return;
        }
        var hints = endpoint.putObject("hints");
        hints.putArray("forZones").addObject().put("name", endpoint.path("zone").asText());
        if (distribution.equals("PreferSameNode")) {
            hints.putArray("forNodes")
                    .addObject()
                    .put("name", endpoint.path("nodeName").asText());
        }
    }

    boolean publishesNotReady() {
        return service.at("/spec/publishNotReadyAddresses").asBoolean();
    }

    private boolean isNamedHost(JsonNode pod) {
        return !pod.at("/spec/hostname").asText().isEmpty()
                && pod.at("/spec/subdomain").asText().equals(ObjectMeta.text(service, "name"));
    }

    /** An address of an Endpoints object. */
    ObjectNode legacyAddress(ObjectNode pod, IpAddress address) {
        var entry = Json.object().put("ip", address.toString());
        if (isNamedHost(pod)) {
            entry.put("hostname", pod.at("/spec/hostname").asText());
        }
        var node = pod.at("/spec/nodeName").asText();
        if (!node.isEmpty()) {
            entry.put("nodeName", node);
        }
        entry.set("targetRef", target(pod));
        return entry;
    }

    private static ObjectNode target(ObjectNode pod) {
        return Json.object()
                .put("kind", "Pod")
                .put("namespace", ObjectMeta.text(pod, "namespace"))
                .put("name", ObjectMeta.text(pod, "name"))
                .put("uid", ObjectMeta.text(pod, "uid"));
    }

    /** The ports on which a pod serves the Service, in a fixed order; ports that the pod does not name are left out. */
    ArrayNode ports(JsonNode pod) {
        var ports = new ArrayList<ObjectNode>();
        for (var port : service.at("/spec/ports")) {
            target(port, pod).ifPresent(number -> {
                var entry = Json.object()
                        .put("name", port.path("name").asText(""))
                        .put("port", number)
                        .put("protocol", port.path("protocol").asText("TCP"));
                if (port.has("appProtocol")) {
                    entry.set("appProtocol", port.path("appProtocol"));
                }
                ports.add(entry);
            });
        }
        ports.sort(PORT_ORDER);
        var array = Json.object().arrayNode();
        ports.forEach(array::add);
        return array;
    }

    private static Optional<Integer> target(JsonNode port, JsonNode pod) {
        var target = port.path("targetPort");
        if (!target.isTextual()) {
            return Optional.of(target.asInt(port.path("port").asInt()));
        }
        for (var container : pod.at("/spec/containers")) {
            for (var offered : container.path("ports")) {
                if (offered.path("name").asText().equals(target.asText())
                        && offered.path("protocol")
                                .asText("TCP")
                                .equals(port.path("protocol").asText("TCP"))) {
                    return Optional.of(offered.path("containerPort").asInt());
                }
            }
        }
        return Optional.empty();
    }
}
