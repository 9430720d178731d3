package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Endpoints object beside a Service's slices: its first IP family only, and not those that terminate. */
final class LegacyEndpoints {

    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    private static final int MOST_ADDRESSES = 1000;

    private final ObjectStore store;

    LegacyEndpoints(ObjectStore store) {
        this.store = store;
    }

    /** Addresses with the same ports. */
    private static final class Subset {
        final Map<IpAddress, ObjectNode> ready = new TreeMap<>();
        final Map<IpAddress, ObjectNode> notReady = new TreeMap<>();
    }

    void serviceIsGone(NamespacedName service) {
        store.get(ResourceTypes.ENDPOINTS, service).ifPresent(endpoints -> {
            if (isMadeHere(endpoints.toJson())) {
                store.delete(endpoints.type(), endpoints.name());
            }
        });
    }

    private static boolean isMadeHere(ObjectNode endpoints) {
        return endpoints.at("/metadata/annotations").has(SliceSet.TRIGGER_TIME);
    }

    void reconcile(EndpointsOf view, List<ObjectNode> pods, ObjectNode labels, String triggerTime) {
        var name = EndpointSliceController.nameOf(view.service());
        var subsets = subsets(view, pods);
        boolean truncated = truncate(subsets);
        if (store.get(ResourceTypes.ENDPOINTS, name).isEmpty()) {
            var endpoints = Json.object().put("kind", "Endpoints").put("apiVersion", "v1");
            endpoints.putObject("metadata").put("namespace", name.namespace()).put("name", name.name());
            store.create(fill(endpoints, subsets, labels, truncated, triggerTime));
        } else {
            store.edit(
                    ResourceTypes.ENDPOINTS,
                    name,
                    endpoints -> fill(endpoints, subsets, labels, truncated, triggerTime));
        }
    }

    private static ObjectNode fill(
            ObjectNode endpoints, ArrayNode subsets, ObjectNode labels, boolean truncated, String triggerTime) {
        var before = endpoints.deepCopy();
        if (subsets.isEmpty()) {
            endpoints.remove("subsets");
        } else {
            endpoints.set("subsets", subsets);
        }
        var metadata = ObjectMeta.of(endpoints);
        if (labels.isEmpty()) {
            metadata.remove("labels");
        } else {
            metadata.set("labels", labels.deepCopy());
        }
        if (truncated) {
            metadata.withObjectProperty("annotations").put(OVER_CAPACITY, "truncated");
        } else {
            metadata.withObjectProperty("annotations").remove(OVER_CAPACITY);
        }
        if (!endpoints.equals(before)) {
            metadata.withObjectProperty("annotations").put(SliceSet.TRIGGER_TIME, triggerTime);
        }
        return endpoints;
    }

    private static ArrayNode subsets(EndpointsOf view, List<ObjectNode> pods) {
        var family = EndpointSliceController.families(view.service()).getFirst();
        Map<JsonNode, Subset> byPorts = new LinkedHashMap<>();
        for (var pod : pods) {
            var address = EndpointsOf.address(pod, family);
            if (address.isEmpty() || Pods.isTerminating(pod) && !view.publishesNotReady()) {
                continue;
            }
            var subset = byPorts.computeIfAbsent(view.ports(pod), _ -> new Subset());
            boolean ready = Pods.isReady(pod) || view.publishesNotReady();
            (ready ? subset.ready : subset.notReady).put(address.get(), view.legacyAddress(pod, address.get()));
        }
        var subsets = Json.object().arrayNode();
        byPorts.forEach((ports, subset) -> {
            var entry = subsets.addObject();
            addresses(entry, "addresses", subset.ready);
            addresses(entry, "notReadyAddresses", subset.notReady);
            if (!ports.isEmpty()) {
                entry.set("ports", named(ports));
            }
        });
        return subsets;
    }

    /** Here a port without a name has no name, where in a slice its name is empty. */
    private static JsonNode named(JsonNode ports) {
        var copy = ports.deepCopy();
        for (var port : copy) {
            if (port.path("name").asText().isEmpty() && port instanceof ObjectNode object) {
                object.remove("name");
            }
        }
        return copy;
    }

    private static void addresses(ObjectNode subset, String field, Map<IpAddress, ObjectNode> addresses) {
        if (!addresses.isEmpty()) {
            addresses.values().forEach(subset.putArray(field)::add);
        }
    }

    private static boolean truncate(ArrayNode subsets) {
        int left = MOST_ADDRESSES;
        boolean truncated = false;
        for (var field : List.of("addresses", "notReadyAddresses")) {
            for (var subset : subsets) {
                if (subset.path(field) instanceof ArrayNode list) {
                    while (list.size() > left) {
                        list.remove(list.size() - 1);
                        truncated = true;
                    }
                    left -= list.size();
                }
            }
        }
        return truncated;
    }
}
