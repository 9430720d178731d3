package io.fairlead.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random changes of a cluster: Services of all kinds come, change and go, their endpoints are replaced, scaled, drained and
 * scaled to zero, and now and then the Node moves to another zone. No two Services claim the same address or node port: who
 * of them wins depends on who was there first, which a fresh start cannot know.
 *
 * @param services how many there may be at a time, at most 200
 */
record Churn(ObjectStore store, int services, RandomGenerator random) {

    static final String NODE = "node-0";
    private static final String NAMESPACE = "soak";
    private static final int MOST_ENDPOINTS = 5;

    void begin() {
        store.put(node("zone-0"));
        for (int i = 0; i < services; i++) {
            putService(i);
            putSlices(i);
        }
    }

    /** One change, or a pair that belongs together. */
    void change() {
        int index = random.nextInt(services);
        switch (random.nextInt(20)) {
            case 0 -> delete(index);
            case 1, 2, 3 -> putService(index);
            case 4 -> store.put(node("zone-" + random.nextInt(3)));
            case 5 -> {
                putService(index);
                putSlices(index);
            }
            default -> putSlices(index);
        }
    }

    private void delete(int index) {
        var name = new NamespacedName(NAMESPACE, name(index));
        if (store.get(ResourceTypes.SERVICES, name).isPresent()) {
            store.delete(ResourceTypes.SERVICES, name);
        }
        for (var family : List.of("4", "6")) {
            var slice = new NamespacedName(NAMESPACE, name(index) + "-" + family);
            if (random.nextInt(4) > 0
                    && store.get(ResourceTypes.ENDPOINT_SLICES, slice).isPresent()) {
                store.delete(ResourceTypes.ENDPOINT_SLICES, slice);
            }
        }
    }

    private void putService(int index) {
        var service = object("v1", "Service", name(index));
        var spec = service.putObject("spec");
        var v4 = "172.20." + index / 250 + "." + (index % 250 + 1);
        spec.put("clusterIP", v4).put("sessionAffinity", random.nextInt(5) == 0 ? "ClientIP" : "None");
        spec.putArray("clusterIPs").add(v4).add("fd00:20::" + Integer.toHexString(index + 1));
        spec.putArray("ipFamilies").add("IPv4").add("IPv6");
        spec.put("internalTrafficPolicy", local(6));
        var type = List.of("ClusterIP", "ClusterIP", "NodePort", "LoadBalancer").get(random.nextInt(4));
        spec.put("type", type);
        if (random.nextInt(8) == 0) {
            spec.putArray("externalIPs").add("198.51.100." + (index + 1));
        }
        boolean nodePorts = !type.equals("ClusterIP");
        ports(spec.putArray("ports"), index, nodePorts);
        if (nodePorts) {
            spec.put("externalTrafficPolicy", local(3));
        }
        if (type.equals("LoadBalancer")) {
            balancer(service, spec, index);
        }
        store.put(service);
    }

    private void balancer(ObjectNode service, ObjectNode spec, int index) {
        if (spec.get("externalTrafficPolicy").asText().equals("Local")) {
            spec.put("healthCheckNodePort", 32_000 + index);
        }
        if (random.nextInt(3) == 0) {
            spec.putArray("loadBalancerSourceRanges").add("203.0.113.0/24").add("fd00:30::/64");
        }
        service.putObject("status")
                .putObject("loadBalancer")
                .putArray("ingress")
                .addObject()
                .put("ip", "203.0.113." + (index + 1));
    }

    private void ports(ArrayNode ports, int index, boolean nodePorts) {
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            var port = ports.addObject()
                    .put("name", "p" + i)
                    .put("port", 80 + i)
                    .put("protocol", random.nextInt(4) == 0 ? "UDP" : "TCP");
            if (nodePorts) {
                port.put("nodePort", 30_000 + 4 * index + i);
            }
        }
    }

    private void putSlices(int index) {
        int count = random.nextInt(MOST_ENDPOINTS + 1);
        store.put(slice(index, "4", "IPv4", "10.0.%d.%d", count));
        store.put(slice(index, "6", "IPv6", "fd00:10:%d::%d", count));
    }

    private ObjectNode slice(int index, String family, String addressType, String address, int count) {
        var slice = object("discovery.k8s.io/v1", "EndpointSlice", name(index) + "-" + family);
        ((ObjectNode) slice.get("metadata")).putObject("labels").put("kubernetes.io/service-name", name(index));
        slice.put("addressType", addressType);
        var ports = slice.putArray("ports");
        for (var protocol : List.of("TCP", "UDP")) {
            for (int i = 0; i < 2; i++) {
                ports.addObject().put("name", "p" + i).put("port", 8080 + i).put("protocol", protocol);
            }
        }
        var endpoints = slice.putArray("endpoints");
        int first = random.nextInt(200);
        for (int i = 0; i < count; i++) {
            endpoint(endpoints.addObject(), address.formatted(index, first + i + 1));
        }
        return slice;
    }

    private void endpoint(ObjectNode endpoint, String address) {
        endpoint.putArray("addresses").add(address);
        boolean terminating = random.nextInt(8) == 0;
        endpoint.putObject("conditions")
                .put("ready", !terminating && random.nextInt(8) > 0)
                .put("serving", random.nextInt(8) > 0)
                .put("terminating", terminating);
        int zone = random.nextInt(3);
        endpoint.put("nodeName", "node-" + random.nextInt(3)).put("zone", "zone-" + zone);
        if (random.nextInt(2) == 0) {
            endpoint.putObject("hints").putArray("forZones").addObject().put("name", "zone-" + zone);
        }
    }

    private String local(int oneIn) {
        return random.nextInt(oneIn) == 0 ? "Local" : "Cluster";
    }

    private static String name(int index) {
        return "service-" + index;
    }

    private static ObjectNode node(String zone) {
        var node = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata").put("name", NODE).putObject("labels").put("topology.kubernetes.io/zone", zone);
        node.putObject("status")
                .putArray("addresses")
                .addObject()
                .put("type", "InternalIP")
                .put("address", "192.0.2.1");
        return node;
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        return object;
    }
}
