package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The EndpointSlices of one Service made by one controller, brought to a wanted set of endpoints with as few writes as may
 * be: an endpoint stays in its slice, new ones fill slices that have room.
 */
final class SliceSet {

    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";
    private static final int MOST_ENDPOINTS = 100;

    /** A real cluster's are in no order; these are, so that they are shown the same every time. */
    private static final Comparator<ObjectNode> BY_ADDRESS = Comparator.comparing(
            endpoint -> IpAddress.parse(endpoint.at("/addresses/0").asText()));

    /** Endpoints that can share slices: same address type, same ports. */
    record Group(String addressType, JsonNode ports) {}

    private final ObjectStore store;
    private final ObjectNode owner;
    private final String manager;
    private final ObjectNode labels;
    private final String triggerTime;

    /**
     * @param owner the object whose endpoints these are, with the name of the Service
     * @param labels of each slice, beside those that say whose it is
     * @param triggerTime of the change that leads to this; empty if unknown
     */
    SliceSet(ObjectStore store, ObjectNode owner, String manager, ObjectNode labels, String triggerTime) {
        this.store = store;
        this.owner = owner;
        this.manager = manager;
        this.triggerTime = triggerTime;
        this.labels = labels.deepCopy();
        this.labels.put(SERVICE_NAME, ObjectMeta.text(owner, "name")).put(MANAGED_BY, manager);
    }

    /** The slices of a Service that a controller has made. */
    static List<StoredObject> existing(ObjectStore store, NamespacedName service, String manager) {
        return store.image().objects(ResourceTypes.ENDPOINT_SLICES, service.namespace()).stream()
                .filter(slice -> service.name().equals(slice.labels().get(SERVICE_NAME))
                        && manager.equals(slice.labels().get(MANAGED_BY)))
                .toList();
    }

    static void deleteAll(ObjectStore store, NamespacedName service, String manager) {
        existing(store, service, manager).forEach(slice -> store.delete(slice.type(), slice.name()));
    }

    /** @param wanted the endpoints of each group, by address */
    void reconcile(Map<Group, Map<String, ObjectNode>> wanted) {
        var service = ObjectMeta.name(ResourceTypes.SERVICES, owner);
        Map<Group, List<StoredObject>> present = new LinkedHashMap<>();
        for (var slice : existing(store, service, manager)) {
            var json = slice.toJson();
            var group = new Group(json.path("addressType").asText(), ports(json));
            if (wanted.containsKey(group)) {
                present.computeIfAbsent(group, _ -> new ArrayList<>()).add(slice);
            } else {
                store.delete(slice.type(), slice.name());
            }
        }
        wanted.forEach((group, endpoints) -> reconcile(group, endpoints, present.getOrDefault(group, List.of())));
    }

    private static JsonNode ports(JsonNode slice) {
        return slice.path("ports").isArray()
                ? slice.path("ports")
                : Json.object().arrayNode();
    }

    private void reconcile(Group group, Map<String, ObjectNode> endpoints, List<StoredObject> slices) {
        var missing = new LinkedHashMap<>(endpoints);
        Map<StoredObject, List<ObjectNode>> contents = new LinkedHashMap<>();
        for (var slice : slices) {
            var kept = new ArrayList<ObjectNode>();
            for (var endpoint : slice.toJson().path("endpoints")) {
                var still = missing.remove(endpoint.at("/addresses/0").asText());
                if (still != null && kept.size() < MOST_ENDPOINTS) {
                    kept.add(still);
                }
            }
            contents.put(slice, kept);
        }
        var left = new ArrayList<>(missing.values());
        for (var kept : contents.values()) {
            while (kept.size() < MOST_ENDPOINTS && !left.isEmpty()) {
                kept.add(left.removeFirst());
            }
        }
        boolean first = contents.isEmpty();
        while (!left.isEmpty() || first) {
            var part = left.subList(0, Math.min(MOST_ENDPOINTS, left.size()));
            create(group, part);
            part.clear();
            first = false;
        }
        write(group, contents);
    }

    /** Of slices that have become empty one is kept if there is nothing else. */
    private void write(Group group, Map<StoredObject, List<ObjectNode>> contents) {
        boolean allEmpty = contents.values().stream().allMatch(List::isEmpty);
        boolean keepOne = allEmpty;
        for (var entry : contents.entrySet()) {
            if (entry.getValue().isEmpty() && !keepOne) {
                store.delete(entry.getKey().type(), entry.getKey().name());
            } else {
                keepOne = false;
                store.edit(entry.getKey().type(), entry.getKey().name(), old -> fill(old, group, entry.getValue()));
            }
        }
    }

    private void create(Group group, List<ObjectNode> endpoints) {
        var slice = Json.object().put("kind", "EndpointSlice").put("apiVersion", "discovery.k8s.io/v1");
        var metadata = slice.putObject("metadata");
        metadata.put("namespace", ObjectMeta.text(owner, "namespace"))
                .put("generateName", ObjectMeta.text(owner, "name") + "-");
        metadata.putArray("ownerReferences").add(Owner.controller(owner));
        store.create(fill(slice, group, endpoints));
    }

    private ObjectNode fill(ObjectNode slice, Group group, List<ObjectNode> endpoints) {
        var before = slice.deepCopy();
        slice.put("addressType", group.addressType());
        var list = slice.putArray("endpoints");
        endpoints.stream().sorted(BY_ADDRESS).forEach(list::add);
        if (group.ports().isEmpty()) {
            slice.remove("ports");
        } else {
            slice.set("ports", group.ports());
        }
        var metadata = ObjectMeta.of(slice);
        metadata.set("labels", labels);
        if (!slice.equals(before) && !triggerTime.isEmpty()) {
            metadata.withObjectProperty("annotations").put(TRIGGER_TIME, triggerTime);
        }
        return slice;
    }
}
