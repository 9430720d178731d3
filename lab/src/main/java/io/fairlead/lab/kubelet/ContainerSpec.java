package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.lab.program.ContainerPort;
import io.fairlead.proxy.cluster.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as its pod's spec has it.
 *
 * @param arguments command and args
 * @param environment variables that have a value; those from elsewhere are left out
 * @param preStop how long to wait before it is asked to end
 */
record ContainerSpec(
        String name,
        String image,
        List<ContainerPort> ports,
        List<String> arguments,
        Map<String, String> environment,
        Duration preStop,
        Optional<ReadinessProbe> readiness) {

    static ContainerSpec of(JsonNode container) {
        var ports = ports(container);
        return new ContainerSpec(
                container.path("name").asText(""),
                container.path("image").asText(""),
                ports,
                arguments(container),
                environment(container),
                Duration.ofSeconds(container
                        .path("lifecycle")
                        .path("preStop")
                        .path("sleep")
                        .path("seconds")
                        .asLong(0)),
                ReadinessProbe.of(container.path("readinessProbe"), ports));
    }

    private static List<ContainerPort> ports(JsonNode container) {
        var ports = new ArrayList<ContainerPort>();
        for (var port : container.path("ports")) {
            ports.add(new ContainerPort(
                    port.path("name").asText(""),
                    port.path("containerPort").asInt(),
                    Protocol.valueOf(port.path("protocol").asText("TCP"))));
        }
        return ports;
    }

    private static List<String> arguments(JsonNode container) {
        var arguments = new ArrayList<String>();
        container.path("command").forEach(word -> arguments.add(word.asText()));
        container.path("args").forEach(word -> arguments.add(word.asText()));
        return arguments;
    }

    private static Map<String, String> environment(JsonNode container) {
        var environment = new LinkedHashMap<String, String>();
        for (var variable : container.path("env")) {
            if (variable.has("value")) {
                environment.put(
                        variable.path("name").asText(), variable.path("value").asText());
            }
        }
        return environment;
    }
}
