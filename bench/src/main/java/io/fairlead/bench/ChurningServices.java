package io.fairlead.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.Addresses;
import io.fairlead.lab.net.LabPod;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * One Service that is always there and never without an endpoint, whose endpoints change; and others that come and go. All are
 * dual stack, over the same Pods. Each change is one of the routing of both families.
 */
final class ChurningServices {

    /** The addresses of the Service that stays. */
    static final Addresses STABLE = clusterIps(1);

    static final int PORT = 80;
    static final int TARGET_PORT = 8080;

    private static final String NAMESPACE = "churn";
    private static final int STABLE_NUMBER = 1;
    private static final int OTHERS = 20;

    private final ObjectStore store;
    private final List<LabPod> pods;
    private final RandomGenerator random;
    private final ArrayList<LabPod> serving = new ArrayList<>();
    private final Set<Integer> others = new TreeSet<>();
    private final Map<String, Integer> happened = new TreeMap<>();

    /** @param pods that can be endpoints, at least two */
    ChurningServices(ObjectStore store, List<LabPod> pods, RandomGenerator random) {
        this.store = store;
        this.pods = List.copyOf(pods);
        this.random = random;
    }

    void begin() {
        store.put(Workload.node());
        serving.addAll(pods.subList(0, 2));
        store.put(service(STABLE_NUMBER));
        putSlices(STABLE_NUMBER, serving);
    }

    /** Names of the Pods that are endpoints of the Service that stays. */
    Set<String> serving() {
        return serving.stream().map(LabPod::name).collect(Collectors.toSet());
    }

    void change() {
        if (random.nextInt(3) == 0) {
            changeOther();
        } else {
            changeStable();
        }
    }

    private void changeStable() {
        var idle = new ArrayList<>(pods);
        idle.removeAll(serving);
        int kind = random.nextInt(3);
        if (!idle.isEmpty() && (kind == 0 || serving.size() == 1)) {
            serving.add(oneOf(idle));
            count("grown");
        } else if (idle.isEmpty() || kind == 1) {
            serving.remove(random.nextInt(serving.size()));
            count("shrunk");
        } else {
            serving.set(random.nextInt(serving.size()), oneOf(idle));
            count("replaced");
        }
        putSlices(STABLE_NUMBER, serving);
    }

    private void changeOther() {
        int number = STABLE_NUMBER + 1 + random.nextInt(OTHERS);
        if (others.remove(number)) {
            store.delete(ResourceTypes.SERVICES, new NamespacedName(NAMESPACE, name(number)));
            for (var family : IpFamily.values()) {
                store.delete(ResourceTypes.ENDPOINT_SLICES, new NamespacedName(NAMESPACE, sliceName(number, family)));
            }
            count("other Service deleted");
        } else {
            others.add(number);
            putSlices(number, pods.subList(0, 1 + random.nextInt(pods.size())));
            store.put(service(number));
            count("other Service added");
        }
    }

    private LabPod oneOf(List<LabPod> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void count(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    private static Addresses clusterIps(int number) {
        return Addresses.of("172.20.0." + number, "fd00:20::" + Integer.toHexString(number));
    }

    private static String name(int number) {
        return "service-" + number;
    }

    private static String sliceName(int number, IpFamily family) {
        return name(number) + "-" + family.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode service(int number) {
        var service = object("v1", "Service", name(number));
        var ips = clusterIps(number);
        var spec = service.putObject("spec")
                .put("type", "ClusterIP")
                .put("clusterIP", ips.ipv4().toString());
        spec.putArray("clusterIPs").add(ips.ipv4().toString()).add(ips.ipv6().toString());
        spec.putArray("ipFamilies").add("IPv4").add("IPv6");
        spec.putArray("ports").addObject().put("name", "http").put("port", PORT).put("protocol", "TCP");
        return service;
    }

    private void putSlices(int number, Collection<LabPod> endpoints) {
        for (var family : IpFamily.values()) {
            var slice = object("discovery.k8s.io/v1", "EndpointSlice", sliceName(number, family));
            ((ObjectNode) slice.get("metadata")).putObject("labels").put("kubernetes.io/service-name", name(number));
            slice.put("addressType", family.toString());
            slice.putArray("ports")
                    .addObject()
                    .put("name", "http")
                    .put("port", TARGET_PORT)
                    .put("protocol", "TCP");
            var list = slice.putArray("endpoints");
            for (var pod : endpoints) {
                var endpoint = list.addObject().put("nodeName", Workload.NODE);
                endpoint.putArray("addresses").add(pod.address(family).toString());
                endpoint.putObject("conditions").put("ready", true);
            }
            store.put(slice);
        }
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        return object;
    }

    /** What has happened, and how often. */
    @Override
    public String toString() {
        return happened.toString();
    }
}
