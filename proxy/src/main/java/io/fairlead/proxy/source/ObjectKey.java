package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.NamespacedName;

/**
 * Which object it is, among all that a proxy watches.
 *
 * @param name the namespace of a Node and of a ServiceCIDR is empty
 */
public record ObjectKey(ClusterSource.Kind kind, NamespacedName name) {

    static ObjectKey of(ClusterChange change) {
        return switch (change) {
            case ClusterChange.ServiceSet(var service) -> service(service.name());
            case ClusterChange.ServiceDeleted(var name) -> service(name);
            case ClusterChange.SliceSet(var slice) -> slice(slice.name());
            case ClusterChange.SliceDeleted(var name) -> slice(name);
            case ClusterChange.NodeSet(var node) -> node(node.name());
            case ClusterChange.NodeDeleted(var name) -> node(name);
            case ClusterChange.ServiceCidrSet cidr -> serviceCidr(cidr.name());
            case ClusterChange.ServiceCidrDeleted(var name) -> serviceCidr(name);
        };
    }

    static ObjectKey service(NamespacedName name) {
        return new ObjectKey(ClusterSource.Kind.SERVICES, name);
    }

    static ObjectKey slice(NamespacedName name) {
        return new ObjectKey(ClusterSource.Kind.ENDPOINT_SLICES, name);
    }

    static ObjectKey node(String name) {
        return new ObjectKey(ClusterSource.Kind.NODE, new NamespacedName("", name));
    }

    static ObjectKey serviceCidr(String name) {
        return new ObjectKey(ClusterSource.Kind.SERVICE_CIDRS, new NamespacedName("", name));
    }

    /** The change that says this object is gone. */
    ClusterChange deleted() {
        return switch (kind) {
            case SERVICES -> new ClusterChange.ServiceDeleted(name);
            case ENDPOINT_SLICES -> new ClusterChange.SliceDeleted(name);
            case NODE -> new ClusterChange.NodeDeleted(name.name());
            case SERVICE_CIDRS -> new ClusterChange.ServiceCidrDeleted(name.name());
        };
    }

    /** {@code Service default/web}. */
    @Override
    public String toString() {
        return switch (kind) {
            case SERVICES -> "Service " + name;
            case ENDPOINT_SLICES -> "EndpointSlice " + name;
            case NODE -> "Node " + name.name();
            case SERVICE_CIDRS -> "ServiceCIDR " + name.name();
        };
    }
}
