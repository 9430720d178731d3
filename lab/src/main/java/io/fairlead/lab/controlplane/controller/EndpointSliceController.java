package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Endpoints and EndpointSlices of Services that select pods. */
final class EndpointSliceController implements Controller {

    static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private final ObjectStore store;
    private final LegacyEndpoints legacy;
    private final Map<NamespacedName, Map<String, String>> selectors = new ConcurrentHashMap<>();

    EndpointSliceController(ObjectStore store) {
        this.store = store;
        this.legacy = new LegacyEndpoints(store);
    }

    @Override
    public String name() {
        return "endpointslice-controller";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        var object = change.object();
        if (object.type().equals(ResourceTypes.SERVICES)) {
            remember(change);
            queue.add(object.name());
        } else if (object.type().equals(ResourceTypes.PODS)) {
            servicesOf(object, queue);
            if (change instanceof StoreChange.Modified(var before, var _)
                    && !before.labels().equals(object.labels())) {
                servicesOf(before, queue);
            }
        } else if (object.type().equals(ResourceTypes.ENDPOINT_SLICES)
                && MANAGER.equals(object.labels().get(SliceSet.MANAGED_BY))) {
            var service = object.labels().getOrDefault(SliceSet.SERVICE_NAME, "");
            queue.add(new NamespacedName(object.name().namespace(), service));
        } else if (object.type().equals(ResourceTypes.ENDPOINTS)) {
            queue.add(object.name());
        } else if (object.type().equals(ResourceTypes.NODES) && zoneChanged(change)) {
            selectors.keySet().forEach(queue::add);
        }
    }

    private void remember(StoreChange change) {
        var selector = selector(change.object().toJson());
        if (change instanceof StoreChange.Deleted || selector.isEmpty()) {
            selectors.remove(change.object().name());
        } else {
            selectors.put(change.object().name(), selector);
        }
    }

    private static boolean zoneChanged(StoreChange change) {
        return !(change instanceof StoreChange.Modified(var before, var object))
                || !before.labels().equals(object.labels());
    }

    private void servicesOf(StoredObject pod, WorkQueue queue) {
        selectors.forEach((service, selector) -> {
            if (service.namespace().equals(pod.name().namespace()) && Pods.selects(selector, pod.labels())) {
                queue.add(service);
            }
        });
    }

    static Map<String, String> selector(ObjectNode service) {
        if (service.at("/spec/type").asText().equals("ExternalName")) {
            return Map.of();
        }
        var selector = new HashMap<String, String>();
        service.at("/spec/selector")
                .properties()
                .forEach(e -> selector.put(e.getKey(), e.getValue().asText()));
        return selector;
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var stored = store.get(ResourceTypes.SERVICES, key);
        if (stored.isEmpty()) {
            SliceSet.deleteAll(store, key, MANAGER);
            legacy.serviceIsGone(key);
            return Optional.empty();
        }
        var service = stored.get().toJson();
        var selector = selector(service);
        if (selector.isEmpty()) {
            SliceSet.deleteAll(store, key, MANAGER);
            return Optional.empty();
        }
        var pods = Pods.in(store.image(), key.namespace())
                .filter(pod -> Pods.selects(selector, pod.labels()))
                .map(StoredObject::toJson)
                .toList();
        var trigger = triggerTime(service, pods);
        var labels = labels(service);
        var view = new EndpointsOf(service, this::zone);
        new SliceSet(store, service, MANAGER, labels, trigger).reconcile(wanted(view, pods));
        legacy.reconcile(view, pods, labels, trigger);
        return Optional.empty();
    }

    private static Map<SliceSet.Group, Map<String, ObjectNode>> wanted(EndpointsOf view, List<ObjectNode> pods) {
        Map<SliceSet.Group, Map<String, ObjectNode>> wanted = new LinkedHashMap<>();
        for (var family : families(view.service())) {
            var name = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
            for (var pod : pods) {
                EndpointsOf.address(pod, family)
                        .ifPresent(address -> wanted.computeIfAbsent(
                                        new SliceSet.Group(name, view.ports(pod)), _ -> new LinkedHashMap<>())
                                .put(address.toString(), view.endpoint(pod, address)));
            }
            if (wanted.keySet().stream().noneMatch(group -> group.addressType().equals(name))) {
                wanted.put(new SliceSet.Group(name, Json.object().arrayNode()), Map.of());
            }
        }
        return wanted;
    }

    static List<IpFamily> families(JsonNode service) {
        var families = new ArrayList<IpFamily>();
        service.at("/spec/ipFamilies")
                .forEach(name -> families.add(name.asText().equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4));
        return families.isEmpty() ? List.of(IpFamily.IPV4) : families;
    }

    private String zone(String node) {
        return store.get(ResourceTypes.NODES, new NamespacedName("", node))
                .map(object -> object.labels().getOrDefault("topology.kubernetes.io/zone", ""))
                .orElse("");
    }

    /** The latest of: the Service was made, a pod of it became ready or not. */
    private static String triggerTime(ObjectNode service, List<ObjectNode> pods) {
        var latest = Pods.time(service.at("/metadata/creationTimestamp")).orElse(Instant.EPOCH);
        for (var pod : pods) {
            var changed = Pods.condition(pod, "Ready")
                    .flatMap(condition -> Pods.time(condition.path("lastTransitionTime")))
                    .orElse(latest);
            latest = changed.isAfter(latest) ? changed : latest;
        }
        return latest.toString();
    }

    private static ObjectNode labels(ObjectNode service) {
        var labels = service.path("metadata").path("labels") instanceof ObjectNode own ? own.deepCopy() : Json.object();
        labels.remove(HEADLESS);
        if (service.at("/spec/clusterIP").asText().equals("None")) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }

    static NamespacedName nameOf(ObjectNode service) {
        return ObjectMeta.name(ResourceTypes.SERVICES, service);
    }
}
