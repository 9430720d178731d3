package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** EndpointSlices for Endpoints that somebody has written by hand, for a Service that selects nothing. */
final class MirroringController implements Controller {

    static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
    static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

    private final ObjectStore store;

    MirroringController(ObjectStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "endpointslicemirroring-controller";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        var object = change.object();
        if (object.type().equals(ResourceTypes.ENDPOINTS) || object.type().equals(ResourceTypes.SERVICES)) {
            queue.add(object.name());
        } else if (object.type().equals(ResourceTypes.ENDPOINT_SLICES)
                && MANAGER.equals(object.labels().get(SliceSet.MANAGED_BY))) {
            queue.add(new NamespacedName(
                    object.name().namespace(), object.labels().getOrDefault(SliceSet.SERVICE_NAME, "")));
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var service = store.get(ResourceTypes.SERVICES, key).map(StoredObject::toJson);
        var endpoints = store.get(ResourceTypes.ENDPOINTS, key).map(StoredObject::toJson);
        if (service.isEmpty()
                || endpoints.isEmpty()
                || !service.get().at("/spec/selector").isEmpty()
                || skipped(endpoints.get())) {
            SliceSet.deleteAll(store, key, MANAGER);
            return Optional.empty();
        }
        var labels = endpoints.get().path("metadata").path("labels") instanceof ObjectNode own
                ? own.deepCopy()
                : Json.object();
        new SliceSet(store, endpoints.get(), MANAGER, labels, "").reconcile(wanted(endpoints.get()));
        return Optional.empty();
    }

    private static boolean skipped(ObjectNode endpoints) {
        return endpoints.path("metadata").path("labels").path(SKIP).asText().equals("true")
                || endpoints.path("metadata").path("annotations").has(LEADER);
    }

    private static Map<SliceSet.Group, Map<String, ObjectNode>> wanted(ObjectNode endpoints) {
        Map<SliceSet.Group, Map<String, ObjectNode>> wanted = new LinkedHashMap<>();
        for (var subset : endpoints.path("subsets")) {
            var ports = ports(subset.path("ports"));
            subset.path("addresses").forEach(address -> add(address, true, ports, wanted));
            subset.path("notReadyAddresses").forEach(address -> add(address, false, ports, wanted));
        }
        return wanted;
    }

    private static JsonNode ports(JsonNode ports) {
        var mirrored = Json.object().arrayNode();
        for (var port : ports) {
            var entry = mirrored.addObject()
                    .put("name", port.path("name").asText(""))
                    .put("port", port.path("port").asInt())
                    .put("protocol", port.path("protocol").asText("TCP"));
            if (port.has("appProtocol")) {
                entry.set("appProtocol", port.path("appProtocol"));
            }
        }
        return mirrored;
    }

    private static void add(
            JsonNode address, boolean ready, JsonNode ports, Map<SliceSet.Group, Map<String, ObjectNode>> wanted) {
        var ip = IpAddress.tryParse(address.path("ip").asText());
        if (ip.isEmpty()) {
            return;
        }
        var endpoint = Json.object();
        endpoint.putArray("addresses").add(ip.get().toString());
        endpoint.putObject("conditions").put("ready", ready);
        for (var field : new String[] {"hostname", "nodeName", "targetRef"}) {
            if (address.has(field)) {
                endpoint.set(field, address.path(field));
            }
        }
        var family = ip.get().family() == IpFamily.IPV4 ? "IPv4" : "IPv6";
        wanted.computeIfAbsent(new SliceSet.Group(family, ports), _ -> new LinkedHashMap<>())
                .put(ip.get().toString(), endpoint);
    }
}
