package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.Json;
import io.fairlead.lab.apiserver.ObjectMeta;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * IP families and cluster IPs of Services: one range per family, the first one's being what a Service gets that does not
 * say.
 */
public final class ClusterIps {

    private static final String DUAL = "RequireDualStack";
    private static final String PREFER_DUAL = "PreferDualStack";

    private record Range(AddressRange addresses, Pool<IpAddress> pool) {}

    private final List<Range> ranges;
    private final Map<NamespacedName, List<IpAddress>> preferred;

    /**
     * @param ranges one or two, of different families
     * @param preferred addresses that a Service gets, if they are free, when it asks for none
     */
    public ClusterIps(
            List<AddressRange> ranges, Map<NamespacedName, List<IpAddress>> preferred, RandomGenerator random) {
        if (ranges.isEmpty()
                || ranges.size() > 2
                || ranges.size() == 2
                        && ranges.get(0).prefix().family()
                                == ranges.get(1).prefix().family()) {
            throw new IllegalArgumentException("service CIDRs: " + ranges + "; give one, or one of each family");
        }
        // KEP-3070: a sixteenth of the range, at least 16 and at most 256 addresses, is left to those who ask by name.
        this.ranges = ranges.stream()
                .map(range -> new Range(range, new Pool<>(range.size(), 16, 16, 256, range::address, random)))
                .toList();
        this.preferred = Map.copyOf(preferred);
    }

    void take(ObjectNode service) {
        addresses(service)
                .forEach(ip -> range(ip.family())
                        .ifPresent(range -> range.pool().take(ip, ObjectMeta.name(ResourceTypes.SERVICES, service))));
    }

    void give(ObjectNode service) {
        addresses(service)
                .forEach(ip -> range(ip.family())
                        .ifPresent(range -> range.pool().give(ip, ObjectMeta.name(ResourceTypes.SERVICES, service))));
    }

    private static List<IpAddress> addresses(ObjectNode service) {
        var addresses = new ArrayList<IpAddress>();
        service.at("/spec/clusterIPs")
                .forEach(ip -> IpAddress.tryParse(ip.asText()).ifPresent(addresses::add));
        return addresses;
    }

    private Optional<Range> range(IpFamily family) {
        return ranges.stream()
                .filter(range -> range.addresses().prefix().family() == family)
                .findFirst();
    }

    /** Completes ipFamilyPolicy, ipFamilies, clusterIPs and clusterIP. */
    void allocate(ObjectNode service, Optional<ObjectNode> before, Violations violations) {
        var spec = (ObjectNode) service.path("spec");
        if (ServiceRules.type(spec).equals(ServiceRules.EXTERNAL_NAME)) {
            spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
            return;
        }
        var families = families(spec, before, violations);
        if (violations.any()) {
            return;
        }
        var names = spec.putArray("ipFamilies");
        families.forEach(family -> names.add(name(family)));
        if (ServiceRules.isHeadless(spec)) {
            spec.putArray("clusterIPs").add(ServiceRules.NONE);
        } else {
            allocateIps(service, spec, families, violations);
        }
    }

    private List<IpFamily> families(ObjectNode spec, Optional<ObjectNode> before, Violations violations) {
        var ips = new ArrayList<IpFamily>();
        spec.path("clusterIPs").forEach(ip -> IpAddress.tryParse(ip.asText()).ifPresent(a -> ips.add(a.family())));
        var asked = new ArrayList<IpFamily>();
        spec.path("ipFamilies").forEach(name -> asked.add(family(name)));
        boolean free = ServiceRules.isHeadless(spec) && spec.path("selector").isEmpty();
        if (!spec.has("ipFamilyPolicy")) {
            spec.put("ipFamilyPolicy", free ? DUAL : "SingleStack");
            if (ips.size() > 1 || asked.size() > 1) {
                refusePolicy(spec, ips.size() > 1 ? "cluster IPs" : "ip families", violations);
            }
        }
        checkConfigured(asked, free, violations);
        var policy = spec.path("ipFamilyPolicy").asText();
        boolean dual = ranges.size() == 2;
        if (policy.equals(DUAL) && !dual && !free) {
            violations.invalid(
                    "spec.ipFamilyPolicy",
                    spec.path("ipFamilyPolicy"),
                    "Cluster is not configured for dual-stack services");
        }
        return decide(policy, ips, asked, before, dual || free);
    }

    private List<IpFamily> decide(
            String policy, List<IpFamily> ips, List<IpFamily> asked, Optional<ObjectNode> before, boolean dual) {
        var families = new ArrayList<>(asked.isEmpty() ? ips : asked);
        if (families.isEmpty()) {
            families.add(ranges.getFirst().addresses().prefix().family());
        }
        boolean two = (policy.equals(DUAL) || policy.equals(PREFER_DUAL)) && dual;
        if (two && families.size() == 1) {
            families.add(families.getFirst() == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4);
        }
        if (!two && families.size() > 1 && before.isPresent()) {
            families.subList(1, families.size()).clear();
        }
        return List.copyOf(families);
    }

    private static void refusePolicy(ObjectNode spec, String what, Violations violations) {
        violations.invalid(
                "spec.ipFamilyPolicy",
                spec.path("ipFamilyPolicy"),
                "must be RequireDualStack or PreferDualStack when multiple " + what + " are specified");
    }

    private void checkConfigured(List<IpFamily> asked, boolean free, Violations violations) {
        for (int i = 0; i < asked.size() && !free; i++) {
            if (range(asked.get(i)).isEmpty()) {
                violations.invalid(
                        "spec.ipFamilies[" + i + "]", Json.text(name(asked.get(i))), "not configured on this cluster");
            }
        }
    }

    private void allocateIps(ObjectNode service, ObjectNode spec, List<IpFamily> families, Violations violations) {
        var owner = ObjectMeta.name(ResourceTypes.SERVICES, service);
        var asked = spec.path("clusterIPs") instanceof ArrayNode list ? list.deepCopy() : spec.arrayNode();
        var given = spec.putArray("clusterIPs");
        for (int i = 0; i < families.size(); i++) {
            if (i < asked.size()) {
                requireFree(asked, asked.get(i), families.get(i), owner, violations);
                given.add(asked.get(i));
            } else {
                choose(families.get(i), owner, violations).ifPresent(ip -> given.add(ip.toString()));
            }
        }
        if (!given.isEmpty()) {
            spec.set("clusterIP", given.get(0));
        }
    }

    private void requireFree(
            JsonNode all, JsonNode asked, IpFamily family, NamespacedName owner, Violations violations) {
        var ip = IpAddress.parse(asked.asText());
        if (ip.family() != family) {
            violations.invalid(
                    "spec.clusterIPs", all, "ip families [" + name(family) + "] do not match the cluster IPs");
            return;
        }
        var range = range(family);
        var problem = "failed to allocate IP " + asked.asText() + ": ";
        if (range.isEmpty() || !range.get().addresses().contains(ip)) {
            var valid = range.map(r -> r.addresses().toString())
                    .orElse(ranges.getFirst().addresses().toString());
            violations.invalid(
                    "spec.clusterIPs",
                    all,
                    problem + "the provided IP (" + asked.asText()
                            + ") is not in the valid range. The range of valid IPs is " + valid);
        } else if (range.get()
                .pool()
                .owner(ip)
                .filter(other -> !other.equals(owner))
                .isPresent()) {
            violations.invalid("spec.clusterIPs", all, problem + "provided IP is already allocated");
        }
    }

    private Optional<IpAddress> choose(IpFamily family, NamespacedName owner, Violations violations) {
        var range = range(family);
        var preference = preferred.getOrDefault(owner, List.of()).stream()
                .filter(ip -> ip.family() == family
                        && range.filter(r -> r.addresses().contains(ip)
                                        && r.pool().owner(ip).isEmpty())
                                .isPresent())
                .findFirst();
        var chosen = preference.or(() -> range.flatMap(r -> r.pool().free(Set.of())));
        if (chosen.isEmpty()) {
            violations.invalid(
                    "spec.clusterIPs", Json.object().arrayNode(), "failed to allocate a serviceIP: range is full");
        }
        return chosen;
    }

    private static IpFamily family(JsonNode name) {
        return name.asText().equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4;
    }

    static String name(IpFamily family) {
        return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
    }
}
