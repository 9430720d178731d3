package io.fairlead.lab.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.controlplane.rules.AddressRange;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The objects that a cluster begins with. */
record Bootstrap(ObjectStore store, List<AddressRange> serviceCidrs, InetSocketAddress endpoint) {

    void run() {
        for (var name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            store.create(object("v1", "Namespace", "", name));
        }
        var cidr = object("networking.k8s.io/v1", "ServiceCIDR", "", "kubernetes");
        var cidrs = cidr.putObject("spec").putArray("cidrs");
        serviceCidrs.forEach(range -> cidrs.add(range.toString()));
        cidr.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "")
                .put("message", "Kubernetes Service CIDR is ready")
                .put(
                        "lastTransitionTime",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        store.create(cidr);
        service();
        endpoints();
        slice();
    }

    /** The API server as a Service. */
    private void service() {
        var service = object("v1", "Service", "default", "kubernetes");
        service.withObjectProperty("metadata")
                .putObject("labels")
                .put("component", "apiserver")
                .put("provider", "kubernetes");
        var spec = service.putObject("spec")
                .put("clusterIP", serviceCidrs.getFirst().first().toString());
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", 443)
                .put("protocol", "TCP")
                .put("targetPort", endpoint.getPort());
        store.create(service);
    }

    private void endpoints() {
        var endpoints = object("v1", "Endpoints", "default", "kubernetes");
        endpoints
                .withObjectProperty("metadata")
                .putObject("labels")
                .put("endpointslice.kubernetes.io/skip-mirror", "true");
        var subset = endpoints.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", ip());
        subset.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", endpoint.getPort())
                .put("protocol", "TCP");
        store.create(endpoints);
    }

    private void slice() {
        var slice = object("discovery.k8s.io/v1", "EndpointSlice", "default", "kubernetes");
        slice.withObjectProperty("metadata").putObject("labels").put("kubernetes.io/service-name", "kubernetes");
        slice.put("addressType", endpoint.getAddress() instanceof Inet6Address ? "IPv6" : "IPv4");
        var entry = slice.putArray("endpoints").addObject();
        entry.putArray("addresses").add(ip());
        entry.putObject("conditions").put("ready", true);
        slice.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", endpoint.getPort())
                .put("protocol", "TCP");
        store.create(slice);
    }

    private String ip() {
        return endpoint.getAddress().getHostAddress();
    }

    private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        var object = Json.object().put("kind", kind).put("apiVersion", apiVersion);
        var metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }
}
