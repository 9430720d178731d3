package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod as a kubelet needs it.
 *
 * @param uid tells it from another pod of the same name
 */
record PodSpec(
        NamespacedName name, String uid, boolean hostNetwork, RestartPolicy restart, List<ContainerSpec> containers) {

    enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER;

        boolean restartsAfter(int exitStatus) {
            return switch (this) {
                case ALWAYS -> true;
                case ON_FAILURE -> exitStatus != 0;
                case NEVER -> false;
            };
        }
    }

    /** @throws IllegalArgumentException when it says something that makes no sense */
    static PodSpec of(JsonNode pod) {
        var metadata = pod.path("metadata");
        var spec = pod.path("spec");
        var containers = new ArrayList<ContainerSpec>();
        spec.path("containers").forEach(container -> containers.add(ContainerSpec.of(container)));
        var restart =
                switch (spec.path("restartPolicy").asText("Always")) {
                    case "Never" -> RestartPolicy.NEVER;
                    case "OnFailure" -> RestartPolicy.ON_FAILURE;
                    default -> RestartPolicy.ALWAYS;
                };
        return new PodSpec(
                new NamespacedName(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                metadata.path("uid").asText(),
                spec.path("hostNetwork").asBoolean(),
                restart,
                List.copyOf(containers));
    }
}
