package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.lab.apiserver.FieldError;
import io.fairlead.lab.apiserver.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What can be wrong with a Service's ports. */
final class ServicePortValidation {

    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private final String type;
    private final Violations violations;
    private final Set<String> names = new HashSet<>();
    private final Set<String> numbers = new HashSet<>();
    private final Set<String> nodePorts = new HashSet<>();

    ServicePortValidation(String type, Violations violations) {
        this.type = type;
        this.violations = violations;
    }

    void check(JsonNode ports) {
        for (int i = 0; i < ports.size(); i++) {
            var field = "spec.ports[" + i + "]";
            var port = ports.get(i);
            checkName(field + ".name", port.path("name"), ports.size() > 1);
            violations.port(field + ".port", number(port.path("port")));
            violations.oneOf(field + ".protocol", port.path("protocol"), PROTOCOLS);
            checkTarget(field + ".targetPort", port.path("targetPort"));
            if (port.path("appProtocol").isTextual()) {
                violations.form(
                        field + ".appProtocol",
                        port.path("appProtocol"),
                        Names.problemOfQualified(port.path("appProtocol").asText()));
            }
            checkNodePort(field, port);
        }
        for (int i = 0; i < ports.size(); i++) {
            checkDistinct("spec.ports[" + i + "]", ports.get(i));
        }
    }

    private void checkName(String field, JsonNode name, boolean required) {
        if (name.asText("").isEmpty()) {
            if (required) {
                violations.required(field);
            }
            return;
        }
        violations.form(field, name, Names.DNS_1123_LABEL.problem(name.asText()));
        if (!names.add(name.asText())) {
            violations.add(FieldError.duplicate(field, name));
        }
    }

    private void checkTarget(String field, JsonNode target) {
        if (target.isTextual()) {
            violations.form(field, target, Names.problemOfPortName(target.asText()));
        } else {
            violations.port(field, number(target));
        }
    }

    private void checkNodePort(String field, JsonNode port) {
        var nodePort = port.path("nodePort");
        if (nodePort.asInt() == 0) {
            return;
        }
        if (type.equals(ServiceRules.CLUSTER_IP) || type.equals(ServiceRules.EXTERNAL_NAME)) {
            violations.forbidden(field + ".nodePort", "may not be used when `type` is '" + type + "'");
        } else if (!nodePorts.add(
                nodePort.asText() + "/" + port.path("protocol").asText())) {
            violations.add(FieldError.duplicate(field + ".nodePort", nodePort));
        }
    }

    private void checkDistinct(String field, JsonNode port) {
        if (!numbers.add(
                port.path("port").asText() + "/" + port.path("protocol").asText())) {
            var shown = Json.object()
                    .put("Name", "")
                    .put("Protocol", port.path("protocol").asText())
                    .putNull("AppProtocol")
                    .put("Port", port.path("port").asInt())
                    .put("TargetPort", 0)
                    .put("NodePort", 0);
            violations.add(FieldError.duplicate(field, shown));
        }
    }

    private static JsonNode number(JsonNode value) {
        return value.isMissingNode() ? Json.object().numberNode(0) : value;
    }
}
