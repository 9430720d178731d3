package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.StringJoiner;

/** The {@code scale} of a workload, autoscaling/v1: how many replicas, whatever its type. */
final class ScaleSubresource {

    private ScaleSubresource() {}

    /** The Scale of a Deployment or ReplicaSet. */
    static ObjectNode of(ObjectNode workload) {
        var scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        var metadata = scale.putObject("metadata");
        for (var field : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            metadata.set(field, workload.path("metadata").path(field));
        }
        scale.putObject("spec").put("replicas", workload.at("/spec/replicas").asInt());
        scale.putObject("status")
                .put("replicas", workload.at("/status/replicas").asInt())
                .put("selector", selector(workload));
        return scale;
    }

    /** The workload with the replicas that a Scale says. */
    static ObjectNode apply(ObjectNode scale, ObjectNode workload) {
        int replicas = scale.at("/spec/replicas").asInt();
        if (replicas < 0) {
            throw ApiException.badRequest("spec.replicas: " + replicas + " is negative");
        }
        workload.withObjectProperty("spec").put("replicas", replicas);
        ObjectMeta.of(workload).put("resourceVersion", ObjectMeta.text(scale, "resourceVersion"));
        return workload;
    }

    private static String selector(ObjectNode workload) {
        var labels = new StringJoiner(",");
        workload.at("/spec/selector/matchLabels")
                .properties()
                .forEach(label ->
                        labels.add(label.getKey() + "=" + label.getValue().asText()));
        return labels.toString();
    }
}
