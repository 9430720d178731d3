package io.fairlead.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster of equal Services, each with one port and one slice. The objects are as large as those of a real API server,
 * managed fields included: reading past what is not needed is part of the work.
 *
 * @param services how many, at most 60,000
 * @param endpoints of each Service, at most 100
 */
record Workload(int services, int endpoints) {

    static final String NODE = "node-0";

    /** Where the Pods are; traffic to Services from elsewhere is masqueraded. */
    static final String POD_CIDR = "10.0.0.0/8";

    private static final int NODES = 200;

    Workload {
        if (services < 0 || services > 60_000 || endpoints < 1 || endpoints > 100) {
            throw new IllegalArgumentException(services + " Services with " + endpoints
                    + " endpoints each: 0 to 60,000 and 1 to 100 can be measured");
        }
    }

    /** All objects of the cluster. */
    List<ObjectNode> objects() {
        var objects = new ArrayList<ObjectNode>();
        objects.add(node());
        for (int i = 0; i < services; i++) {
            objects.add(service(i));
            objects.add(slice(i, 0));
        }
        return objects;
    }

    static ObjectNode node() {
        var node = object("v1", "Node", "", NODE);
        node.putObject("spec")
                .put("podCIDR", "10.0.0.0/24")
                .putArray("podCIDRs")
                .add("10.0.0.0/24");
        var addresses = node.putObject("status").putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", "192.0.2.1");
        addresses.addObject().put("type", "Hostname").put("address", NODE);
        return node;
    }

    /** @param index from 0; also beyond {@link #services}, for Services to be added */
    static ObjectNode service(int index) {
        var service = object("v1", "Service", namespace(index), serviceName(index));
        var ip = clusterIp(index);
        var spec = service.putObject("spec")
                .put("clusterIP", ip)
                .put("internalTrafficPolicy", "Cluster")
                .put("ipFamilyPolicy", "SingleStack")
                .put("sessionAffinity", "None")
                .put("type", "ClusterIP");
        spec.putArray("clusterIPs").add(ip);
        spec.putArray("ipFamilies").add("IPv4");
        spec.putArray("ports")
                .addObject()
                .put("name", "http")
                .put("port", 80)
                .put("protocol", "TCP")
                .put("targetPort", 8080);
        spec.putObject("selector").put("app.kubernetes.io/name", serviceName(index));
        service.putObject("status").putObject("loadBalancer");
        return service;
    }

    /** @param generation how often the first endpoint has been replaced by another */
    ObjectNode slice(int index, int generation) {
        var name = serviceName(index);
        var slice = object("discovery.k8s.io/v1", "EndpointSlice", namespace(index), name + "-x7k2p");
        ((ObjectNode) slice.get("metadata").get("labels")).put("kubernetes.io/service-name", name);
        slice.put("addressType", "IPv4");
        slice.putArray("ports")
                .addObject()
                .put("name", "http")
                .put("port", 8080)
                .put("protocol", "TCP");
        var list = slice.putArray("endpoints");
        for (int i = 0; i < endpoints; i++) {
            endpoint(list.addObject(), index, i, i == 0 ? generation : 0);
        }
        return slice;
    }

    private void endpoint(ObjectNode endpoint, int service, int number, int generation) {
        endpoint.putArray("addresses").add(endpointAddress(service, number, generation));
        endpoint.putObject("conditions").put("ready", true).put("serving", true).put("terminating", false);
        endpoint.put("nodeName", "node-" + (service + number) % NODES).put("zone", "zone-" + number % 3);
        endpoint.putObject("targetRef")
                .put("kind", "Pod")
                .put("namespace", namespace(service))
                .put("name", serviceName(service) + "-5d8f9c7b6d-" + number)
                .put("uid", uid(service * 100 + number));
    }

    /** A different address for each generation, up to 200. */
    String endpointAddress(int service, int number, int generation) {
        int all = service * endpoints + number;
        int low = generation == 0 ? all % 250 + 1 : (all + generation) % 250 + 1;
        // Generations live in networks of their own, so that no two Services ever share an endpoint.
        int high = all / 250 + (generation == 0 ? 0 : 30_000);
        return "10." + (high >> 8 & 0xff) + "." + (high & 0xff) + "." + low;
    }

    static String namespace(int index) {
        return "team-" + index % 50;
    }

    static String serviceName(int index) {
        return "service-" + index;
    }

    static String sliceName(int index) {
        return serviceName(index) + "-x7k2p";
    }

    private static String clusterIp(int index) {
        return "172.20." + (index / 250) + "." + (index % 250 + 1);
    }

    private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        var metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels")
                .put("app.kubernetes.io/name", name)
                .put("app.kubernetes.io/instance", name)
                .put("app.kubernetes.io/managed-by", "Helm")
                .put("helm.sh/chart", "chart-1.2.3");
        metadata.putObject("annotations")
                .put("meta.helm.sh/release-name", name)
                .put("meta.helm.sh/release-namespace", namespace);
        var managed = metadata.putArray("managedFields").addObject();
        managed.put("manager", "kube-controller-manager")
                .put("operation", "Update")
                .put("apiVersion", apiVersion)
                .put("time", "2026-01-01T00:00:00Z")
                .put("fieldsType", "FieldsV1");
        var fields = managed.putObject("fieldsV1");
        for (var part : List.of("f:metadata", "f:spec", "f:endpoints", "f:ports", "f:addressType", "f:status")) {
            fields.putObject(part).putObject("f:" + name).putObject(".");
        }
        return object;
    }

    private static String uid(int number) {
        return "3f1c2b4a-0000-4000-8000-%012d".formatted(number);
    }
}
