package io.fairlead.proxy.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/**
 * Everything known of the cluster at one moment. Persistent: the next image shares all but the change with this one, so
 * an old image can be kept (as what was last applied, say) for the price of the difference.
 *
 * @param slices by owning Service, then by slice name in order
 * @param sliceOwners slice name to the Service it is filed under
 */
public record ClusterImage(
        PMap<NamespacedName, Service> services,
        PMap<NamespacedName, TreePMap<NamespacedName, EndpointSlice>> slices,
        PMap<NamespacedName, NamespacedName> sliceOwners,
        Optional<Node> node) {

    public static final ClusterImage EMPTY =
            new ClusterImage(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), Optional.empty());

    /** The Service's slices of all families, by name. */
    public Collection<EndpointSlice> slicesOf(NamespacedName service) {
        var filed = slices.get(service);
        return filed == null ? List.of() : filed.values();
    }

    ClusterImage withService(Service service) {
        return new ClusterImage(services.plus(service.name(), service), slices, sliceOwners, node);
    }

    ClusterImage withoutService(NamespacedName name) {
        return new ClusterImage(services.minus(name), slices, sliceOwners, node);
    }

    ClusterImage withSlice(EndpointSlice slice) {
        var unfiled = withoutSlice(slice.name());
        var filed = unfiled.slices.getOrDefault(slice.service(), TreePMap.empty());
        return new ClusterImage(
                services,
                unfiled.slices.plus(slice.service(), filed.plus(slice.name(), slice)),
                unfiled.sliceOwners.plus(slice.name(), slice.service()),
                node);
    }

    ClusterImage withoutSlice(NamespacedName name) {
        var owner = sliceOwners.get(name);
        var filed = owner == null ? null : slices.get(owner);
        if (filed == null) {
            return this;
        }
        var rest = filed.minus(name);
        return new ClusterImage(
                services,
                rest.isEmpty() ? slices.minus(owner) : slices.plus(owner, rest),
                sliceOwners.minus(name),
                node);
    }

    ClusterImage withNode(Optional<Node> next) {
        return new ClusterImage(services, slices, sliceOwners, next);
    }

    /** The slice of this name, whichever Service it belongs to. */
    public Optional<EndpointSlice> slice(NamespacedName name) {
        var owner = sliceOwners.get(name);
        var filed = owner == null ? null : slices.get(owner);
        return filed == null ? Optional.empty() : Optional.ofNullable(filed.get(name));
    }
}
