package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The values of what a Service does not say. */
final class ServiceDefaults {

    // Three hours, in seconds.
    private static final int AFFINITY_TIMEOUT = 10_800;

    private ServiceDefaults() {}

    static void apply(ObjectNode spec) {
        absent(spec, "type", ServiceRules.CLUSTER_IP);
        absent(spec, "sessionAffinity", "None");
        if (spec.path("sessionAffinity").asText().equals("None")) {
            spec.remove("sessionAffinityConfig");
        } else if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
            var clientIp = spec.withObjectProperty("sessionAffinityConfig").withObjectProperty("clientIP");
            if (!clientIp.has("timeoutSeconds")) {
                clientIp.put("timeoutSeconds", AFFINITY_TIMEOUT);
            }
        }
        for (var port : spec.path("ports")) {
            if (port instanceof ObjectNode object) {
                port(object);
            }
        }
        if (ServiceRules.isExternal(spec)) {
            absent(spec, "externalTrafficPolicy", "Cluster");
        }
        if (!ServiceRules.type(spec).equals(ServiceRules.EXTERNAL_NAME)) {
            absent(spec, "internalTrafficPolicy", "Cluster");
        }
        if (ServiceRules.type(spec).equals(ServiceRules.LOAD_BALANCER) && !spec.has("allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
    }

    private static void port(ObjectNode port) {
        absent(port, "protocol", "TCP");
        var target = port.path("targetPort");
        if (target.isMissingNode() || target.isTextual() && target.asText().isEmpty() || target.equals(zero(port))) {
            port.set("targetPort", port.path("port").isMissingNode() ? zero(port) : port.path("port"));
        }
        if (port.path("nodePort").isInt() && port.path("nodePort").asInt() == 0) {
            port.remove("nodePort");
        }
    }

    private static JsonNode zero(ObjectNode port) {
        return port.numberNode(0);
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (object.path(field).asText("").isEmpty()) {
            object.put(field, value);
        }
    }
}
