package io.fairlead.lab.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The resource types a server knows; immutable, extended with {@link #with}. */
public record ResourceTypes(List<ResourceType> all) {

    public static final ResourceType SERVICES =
            ResourceType.namespaced("v1", "services", "Service", "svc").withStatus();
    public static final ResourceType ENDPOINT_SLICES =
            ResourceType.namespaced("discovery.k8s.io/v1", "endpointslices", "EndpointSlice");
    public static final ResourceType NODES =
            ResourceType.clusterScoped("v1", "nodes", "Node", "no").withStatus();
    public static final ResourceType PODS =
            ResourceType.namespaced("v1", "pods", "Pod", "po").withStatus();
    public static final ResourceType NAMESPACES =
            ResourceType.clusterScoped("v1", "namespaces", "Namespace", "ns").withStatus();
    public static final ResourceType ENDPOINTS = ResourceType.namespaced("v1", "endpoints", "Endpoints", "ep");
    public static final ResourceType CONFIG_MAPS = ResourceType.namespaced("v1", "configmaps", "ConfigMap", "cm");
    public static final ResourceType SERVICE_ACCOUNTS =
            ResourceType.namespaced("v1", "serviceaccounts", "ServiceAccount", "sa");
    public static final ResourceType EVENTS = ResourceType.namespaced("v1", "events", "Event", "ev");
    public static final ResourceType NEW_EVENTS = ResourceType.namespaced("events.k8s.io/v1", "events", "Event", "ev");
    public static final ResourceType LEASES = ResourceType.namespaced("coordination.k8s.io/v1", "leases", "Lease");
    public static final ResourceType DEPLOYMENTS = ResourceType.namespaced(
                    "apps/v1", "deployments", "Deployment", "deploy")
            .withStatus();
    public static final ResourceType REPLICA_SETS = ResourceType.namespaced(
                    "apps/v1", "replicasets", "ReplicaSet", "rs")
            .withStatus();
    public static final ResourceType DAEMON_SETS =
            ResourceType.namespaced("apps/v1", "daemonsets", "DaemonSet", "ds").withStatus();
    public static final ResourceType SERVICE_CIDRS = ResourceType.clusterScoped(
                    "networking.k8s.io/v1", "servicecidrs", "ServiceCIDR")
            .withStatus();

    public ResourceTypes {
        all = List.copyOf(all);
    }

    /** What a service proxy and a small cluster need. */
    public static ResourceTypes standard() {
        return new ResourceTypes(List.of(
                SERVICES,
                NODES,
                PODS,
                NAMESPACES,
                ENDPOINTS,
                CONFIG_MAPS,
                ResourceType.namespaced("v1", "secrets", "Secret"),
                SERVICE_ACCOUNTS,
                EVENTS,
                ENDPOINT_SLICES,
                NEW_EVENTS,
                LEASES,
                DEPLOYMENTS,
                REPLICA_SETS,
                DAEMON_SETS,
                SERVICE_CIDRS,
                ResourceType.clusterScoped("networking.k8s.io/v1", "ipaddresses", "IPAddress", "ip")));
    }

    /** These types and one more. */
    public ResourceTypes with(ResourceType type) {
        var more = new ArrayList<>(all);
        more.add(type);
        return new ResourceTypes(more);
    }

    public Optional<ResourceType> byKind(String apiVersion, String kind) {
        return all.stream()
                .filter(type -> type.kind().equals(kind) && type.apiVersion().equals(apiVersion))
                .findFirst();
    }

    public Optional<ResourceType> byPlural(String group, String version, String plural) {
        return all.stream()
                .filter(type -> type.plural().equals(plural)
                        && type.group().equals(group)
                        && type.version().equals(version))
                .findFirst();
    }
}
