package io.fairlead.lab.controlplane.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.apiserver.StoreChange;
import java.util.List;
import java.util.Optional;

/** What happens to a Service: defaults, validation, then addresses and ports. */
final class ServiceRules {

    static final String EXTERNAL_NAME = "ExternalName";
    static final String LOAD_BALANCER = "LoadBalancer";
    static final String NODE_PORT = "NodePort";
    static final String CLUSTER_IP = "ClusterIP";
    static final String NONE = "None";

    private final ClusterIps clusterIps;
    private final NodePorts nodePorts;

    ServiceRules(ClusterIps clusterIps, NodePorts nodePorts) {
        this.clusterIps = clusterIps;
        this.nodePorts = nodePorts;
    }

    void create(ObjectNode service) {
        var spec = service.withObjectProperty("spec");
        ServiceDefaults.apply(spec);
        syncClusterIp(spec, Optional.empty());
        validate(service, Optional.empty());
        if (!service.at("/status").isObject()) {
            service.putObject("status");
        }
        service.withObjectProperty("status").withObjectProperty("loadBalancer");
        allocate(service, Optional.empty());
    }

    void update(ObjectNode before, ObjectNode service) {
        var spec = service.withObjectProperty("spec");
        var old = (ObjectNode) before.path("spec");
        keepAllocated(old, spec);
        dropWhatTheTypeHasNot(old, spec);
        ServiceDefaults.apply(spec);
        syncClusterIp(spec, Optional.of(old));
        validate(service, Optional.of(old));
        allocate(service, Optional.of(before));
    }

    void committed(StoreChange change) {
        switch (change) {
            case StoreChange.Added(var object) -> take(object.toJson());
            case StoreChange.Modified(var before, var object) -> {
                give(before.toJson());
                take(object.toJson());
            }
            case StoreChange.Deleted(var before, var _) -> give(before.toJson());
        }
    }

    private void take(ObjectNode service) {
        clusterIps.take(service);
        nodePorts.take(service);
    }

    private void give(ObjectNode service) {
        clusterIps.give(service);
        nodePorts.give(service);
    }

    private static void validate(ObjectNode service, Optional<ObjectNode> old) {
        var violations = new Violations();
        MetadataRules.check(ResourceTypes.SERVICES, service, violations);
        new ServiceValidation((ObjectNode) service.path("spec"), violations).check();
        old.ifPresent(spec -> ServiceValidation.checkPrimaryIp(spec, (ObjectNode) service.path("spec"), violations));
        violations.refuse(ResourceTypes.SERVICES, service);
    }

    private void allocate(ObjectNode service, Optional<ObjectNode> before) {
        var violations = new Violations();
        clusterIps.allocate(service, before, violations);
        violations.refuse(ResourceTypes.SERVICES, service);
        nodePorts.allocate(service, violations);
        violations.refuse(ResourceTypes.SERVICES, service);
    }

    /** A client that does not repeat what the server has allocated keeps it. */
    private static void keepAllocated(ObjectNode old, ObjectNode spec) {
        boolean hadIp = !type(old).equals(EXTERNAL_NAME);
        boolean hasIp = !type(spec).equals(EXTERNAL_NAME);
        if (hadIp
                && hasIp
                && text(spec, "clusterIP").isEmpty()
                && spec.path("clusterIPs").isEmpty()) {
            spec.set("clusterIP", old.path("clusterIP"));
            spec.set("clusterIPs", old.path("clusterIPs"));
        }
        if (hasNodePorts(old) && hasNodePorts(spec)) {
            NodePorts.keep(old, spec);
        }
        var health = old.path("healthCheckNodePort");
        if (needsHealthCheckPort(old)
                && needsHealthCheckPort(spec)
                && spec.path("healthCheckNodePort").asInt() == 0) {
            spec.set("healthCheckNodePort", health);
        }
        if (hasIp && !spec.has("ipFamilyPolicy") && old.has("ipFamilyPolicy")) {
            spec.set("ipFamilyPolicy", old.path("ipFamilyPolicy"));
        }
        if (hasIp && !spec.has("ipFamilies") && old.has("ipFamilies")) {
            spec.set("ipFamilies", old.path("ipFamilies"));
        }
    }

    /** A client that only changes the type need not take out by hand what the new type does not have. */
    private static void dropWhatTheTypeHasNot(ObjectNode old, ObjectNode spec) {
        if (hasNodePorts(old) && !hasNodePorts(spec)) {
            for (var port : spec.path("ports")) {
                if (port instanceof ObjectNode object) {
                    object.remove("nodePort");
                }
            }
        }
        if (!type(old).equals(EXTERNAL_NAME) && type(spec).equals(EXTERNAL_NAME)) {
            dropIfSame(old, spec, "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        }
        if (type(old).equals(LOAD_BALANCER) && !type(spec).equals(LOAD_BALANCER)) {
            dropIfSame(old, spec, "allocateLoadBalancerNodePorts", "loadBalancerClass");
        }
        if (needsHealthCheckPort(old) && !needsHealthCheckPort(spec)) {
            dropIfSame(old, spec, "healthCheckNodePort");
        }
        if (isExternal(old) && !isExternal(spec)) {
            dropIfSame(old, spec, "externalTrafficPolicy");
        }
    }

    private static void dropIfSame(ObjectNode old, ObjectNode spec, String... fields) {
        for (var field : fields) {
            if (old.path(field).equals(spec.path(field))) {
                spec.remove(field);
            }
        }
    }

    /** The two ways to say a cluster IP say the same; the singular one is what old clients change. */
    private static void syncClusterIp(ObjectNode spec, Optional<ObjectNode> old) {
        var single = text(spec, "clusterIP");
        var list = spec.path("clusterIPs");
        boolean singleChanged =
                old.map(before -> !text(before, "clusterIP").equals(single)).orElse(false);
        boolean listChanged =
                old.map(before -> !before.path("clusterIPs").equals(list)).orElse(false);
        if (list.isEmpty() && !single.isEmpty()) {
            spec.putArray("clusterIPs").add(single);
        } else if (single.isEmpty() && !list.isEmpty() && old.isEmpty()) {
            spec.set("clusterIP", list.get(0));
        } else if (listChanged && !singleChanged && !list.isEmpty()) {
            spec.set("clusterIP", list.get(0));
        } else if (singleChanged && !listChanged && !list.isEmpty()) {
            var first = spec.putArray("clusterIPs").add(single);
            for (int i = 1; i < list.size(); i++) {
                first.add(list.get(i));
            }
        }
    }

    static String type(ObjectNode spec) {
        var type = text(spec, "type");
        return type.isEmpty() ? CLUSTER_IP : type;
    }

    static boolean isHeadless(ObjectNode spec) {
        return text(spec, "clusterIP").equals(NONE);
    }

    /** Reachable from outside by its type. */
    static boolean isExternal(ObjectNode spec) {
        return List.of(NODE_PORT, LOAD_BALANCER).contains(type(spec));
    }

    /** Its ports get node ports. */
    static boolean hasNodePorts(ObjectNode spec) {
        return type(spec).equals(NODE_PORT)
                || type(spec).equals(LOAD_BALANCER)
                        && spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
    }

    static boolean needsHealthCheckPort(ObjectNode spec) {
        return type(spec).equals(LOAD_BALANCER)
                && text(spec, "externalTrafficPolicy").equals("Local");
    }

    static String text(ObjectNode spec, String field) {
        return spec.path(field).asText("");
    }
}
