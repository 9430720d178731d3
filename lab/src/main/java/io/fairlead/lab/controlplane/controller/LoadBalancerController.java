package io.fairlead.lab.controlplane.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import io.fairlead.lab.apiserver.StoredObject;
import io.fairlead.lab.controlplane.rules.AddressRange;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Addresses for Services of type LoadBalancer: the lowest free ones of each family's range. */
final class LoadBalancerController implements Controller {

    private final ObjectStore store;
    private final EventRecorder events;
    private final List<AddressRange> ranges;

    LoadBalancerController(ObjectStore store, EventRecorder events, List<AddressRange> ranges) {
        this.store = store;
        this.events = events;
        this.ranges = List.copyOf(ranges);
    }

    @Override
    public String name() {
        return "service-controller";
    }

    @Override
    public void observe(StoreChange change, WorkQueue queue) {
        if (change.object().type().equals(ResourceTypes.SERVICES)) {
            queue.add(change.object().name());
        }
    }

    @Override
    public Optional<Duration> reconcile(NamespacedName key) {
        var stored = store.get(ResourceTypes.SERVICES, key).map(StoredObject::toJson);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        var service = stored.get();
        var present = addresses(service);
        boolean wanted = service.at("/spec/type").asText().equals("LoadBalancer")
                && !service.path("spec").has("loadBalancerClass");
        var chosen = wanted ? choose(key, service, present) : List.<IpAddress>of();
        if (!chosen.equals(present)) {
            store.edit(ResourceTypes.SERVICES, key, old -> write(old, chosen));
            if (wanted) {
                events.record(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer", name(), "");
            }
        }
        return Optional.empty();
    }

    private List<IpAddress> choose(NamespacedName key, JsonNode service, List<IpAddress> present) {
        var taken = new HashSet<IpAddress>();
        store.image().objects(ResourceTypes.SERVICES).stream()
                .filter(other -> !other.name().equals(key))
                .forEach(other -> taken.addAll(addresses(other.toJson())));
        var chosen = new ArrayList<IpAddress>();
        for (var family : EndpointSliceController.families(service)) {
            for (var range : ranges) {
                if (range.prefix().family() == family) {
                    present.stream()
                            .filter(ip ->
                                    ip.family() == family && range.prefix().contains(ip))
                            .findFirst()
                            .or(() -> asked(service, family, range, taken))
                            .or(() -> range.lowestFree(taken))
                            .ifPresent(chosen::add);
                    break;
                }
            }
        }
        return chosen;
    }

    private static Optional<IpAddress> asked(
            JsonNode service, IpFamily family, AddressRange range, Set<IpAddress> taken) {
        return IpAddress.tryParse(service.at("/spec/loadBalancerIP").asText())
                .filter(ip -> ip.family() == family && range.prefix().contains(ip) && !taken.contains(ip));
    }

    private static List<IpAddress> addresses(JsonNode service) {
        var addresses = new ArrayList<IpAddress>();
        service.at("/status/loadBalancer/ingress")
                .forEach(entry -> IpAddress.tryParse(entry.path("ip").asText()).ifPresent(addresses::add));
        return addresses;
    }

    private static ObjectNode write(ObjectNode service, List<IpAddress> addresses) {
        var balancer = service.withObjectProperty("status").putObject("loadBalancer");
        if (!addresses.isEmpty()) {
            var ingress = balancer.putArray("ingress");
            addresses.forEach(ip -> ingress.addObject().put("ip", ip.toString()).put("ipMode", "VIP"));
        }
        return service;
    }
}
