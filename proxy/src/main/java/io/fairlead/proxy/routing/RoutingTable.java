package io.fairlead.proxy.routing;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The routing of every Service of one IP family. Persistent, like the image it was computed from.
 *
 * @param services the ports of each Service, in the Service's order; Services without rules are absent
 * @param serviceCidrs where cluster IPs of the family are taken from, in order; empty when that is not known
 * @param endpoints how many endpoints all ports together have, whatever their conditions
 */
public record RoutingTable(
        IpFamily family,
        PMap<NamespacedName, List<ServiceRouting>> services,
        List<IpPrefix> serviceCidrs,
        int endpoints) {

    public RoutingTable {
        serviceCidrs = List.copyOf(serviceCidrs);
    }

    public static RoutingTable empty(IpFamily family) {
        return new RoutingTable(family, HashTreePMap.empty(), List.of(), 0);
    }

    public List<ServiceRouting> portsOf(NamespacedName service) {
        return services.getOrDefault(service, List.of());
    }

    /** The routing of some of these Services, without the others. */
    public RoutingTable only(Collection<NamespacedName> some) {
        var only = empty(family).withServiceCidrs(serviceCidrs);
        for (var name : some) {
            only = only.with(name, portsOf(name));
        }
        return only;
    }

    RoutingTable with(NamespacedName service, List<ServiceRouting> ports) {
        int others = endpoints - count(portsOf(service));
        return new RoutingTable(
                family,
                ports.isEmpty() ? services.minus(service) : services.plus(service, List.copyOf(ports)),
                serviceCidrs,
                others + count(ports));
    }

    RoutingTable withServiceCidrs(List<IpPrefix> cidrs) {
        return cidrs.equals(serviceCidrs) ? this : new RoutingTable(family, services, cidrs, endpoints);
    }

    private static int count(List<ServiceRouting> ports) {
        int count = 0;
        for (var port : ports) {
            count += port.endpoints().all().size();
        }
        return count;
    }

    /**
     * A table and in which Services it differs from the one before.
     */
    public record Update(RoutingTable table, Set<NamespacedName> changed) {}
}
