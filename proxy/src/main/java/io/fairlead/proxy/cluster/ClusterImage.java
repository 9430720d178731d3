package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.Collection;
import java.util.Comparator;
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
 * @param serviceCidrs where cluster IPs are taken from, by the name of the ServiceCIDR object that says so
 */
public record ClusterImage(
        PMap<NamespacedName, Service> services,
        PMap<NamespacedName, TreePMap<NamespacedName, EndpointSlice>> slices,
        PMap<NamespacedName, NamespacedName> sliceOwners,
        Optional<Node> node,
        PMap<String, List<IpPrefix>> serviceCidrs) {

    public static final ClusterImage EMPTY = new ClusterImage(
            HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), Optional.empty(), HashTreePMap.empty());

    /** The Service's slices of all families, by name. */
    public Collection<EndpointSlice> slicesOf(NamespacedName service) {
        var filed = slices.get(service);
        return filed == null ? List.of() : filed.values();
    }

    ClusterImage withService(Service service) {
        return new ClusterImage(services.plus(service.name(), service), slices, sliceOwners, node, serviceCidrs);
    }

    ClusterImage withoutService(NamespacedName name) {
        return new ClusterImage(services.minus(name), slices, sliceOwners, node, serviceCidrs);
    }

    ClusterImage withSlice(EndpointSlice slice) {
        var unfiled = withoutSlice(slice.name());
        var filed = unfiled.slices.getOrDefault(slice.service(), TreePMap.empty());
        return new ClusterImage(
                services,
                unfiled.slices.plus(slice.service(), filed.plus(slice.name(), slice)),
                unfiled.sliceOwners.plus(slice.name(), slice.service()),
                node,
                serviceCidrs);
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
                node,
                serviceCidrs);
    }

    ClusterImage withNode(Optional<Node> next) {
        return new ClusterImage(services, slices, sliceOwners, next, serviceCidrs);
    }

    ClusterImage withServiceCidrs(PMap<String, List<IpPrefix>> next) {
        return new ClusterImage(services, slices, sliceOwners, node, next);
    }

    /** The ranges of one family that cluster IPs are taken from, in order, each once. */
    public List<IpPrefix> serviceCidrs(IpFamily family) {
        return serviceCidrs.values().stream()
                .flatMap(List::stream)
                .filter(cidr -> cidr.family() == family)
                .distinct()
                .sorted(Comparator.comparing(IpPrefix::address).thenComparing(IpPrefix::length))
                .toList();
    }

    /** The slice of this name, whichever Service it belongs to. */
    public Optional<EndpointSlice> slice(NamespacedName name) {
        var owner = sliceOwners.get(name);
        var filed = owner == null ? null : slices.get(owner);
        return filed == null ? Optional.empty() : Optional.ofNullable(filed.get(name));
    }
}
