package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.cluster.NamespacedName;

/** Services as test data. */
final class Services {

    static final String DEFAULT = "/api/v1/namespaces/default/services";

    private Services() {}

    static ObjectNode service(String name) {
        return service("default", name);
    }

    static ObjectNode service(String namespace, String name) {
        var service = Json.object().put("apiVersion", "v1").put("kind", "Service");
        service.putObject("metadata").put("namespace", namespace).put("name", name);
        var spec = service.putObject("spec").put("clusterIP", "10.96.0.7").put("type", "ClusterIP");
        spec.putArray("ports")
                .addObject()
                .put("name", "http")
                .put("port", 80)
                .put("protocol", "TCP")
                .put("targetPort", 8080);
        return service;
    }

    static ObjectNode labelled(String name, String label, String value) {
        var service = service(name);
        ((ObjectNode) service.get("metadata")).putObject("labels").put(label, value);
        return service;
    }

    static NamespacedName named(String name) {
        return new NamespacedName("default", name);
    }
}
