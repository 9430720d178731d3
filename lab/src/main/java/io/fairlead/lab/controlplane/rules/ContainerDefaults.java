package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The values of what a container does not say. */
final class ContainerDefaults {

    private ContainerDefaults() {}

    static void apply(ObjectNode container) {
        absent(container, "imagePullPolicy", pullPolicy(container.path("image").asText("")));
        absent(container, "terminationMessagePath", "/dev/termination-log");
        absent(container, "terminationMessagePolicy", "File");
        container.withObjectProperty("resources");
        for (var port : container.path("ports")) {
            if (port instanceof ObjectNode object) {
                absent(object, "protocol", "TCP");
            }
        }
        for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode object) {
                probe(object);
            }
        }
    }

    private static void probe(ObjectNode probe) {
        absent(probe, "timeoutSeconds", 1);
        absent(probe, "periodSeconds", 10);
        absent(probe, "successThreshold", 1);
        absent(probe, "failureThreshold", 3);
        if (probe.path("httpGet") instanceof ObjectNode get) {
            absent(get, "path", "/");
            absent(get, "scheme", "HTTP");
        }
    }

    /** An image without a tag, or with the tag latest, may have changed. */
    private static String pullPolicy(String image) {
        var last = image.substring(image.lastIndexOf('/') + 1);
        boolean moving = !image.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return moving ? "Always" : "IfNotPresent";
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (object.path(field).asText("").isEmpty()) {
            object.put(field, value);
        }
    }

    private static void absent(ObjectNode object, String field, int value) {
        if (object.path(field).asInt() == 0) {
            object.put(field, value);
        }
    }
}
