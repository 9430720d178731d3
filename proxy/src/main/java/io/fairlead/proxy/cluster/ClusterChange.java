package io.fairlead.proxy.cluster;

import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;

/** One object came, changed or went. */
public sealed interface ClusterChange {

    record ServiceSet(Service service) implements ClusterChange {}

    record ServiceDeleted(NamespacedName name) implements ClusterChange {}

    record SliceSet(EndpointSlice slice) implements ClusterChange {}

    record SliceDeleted(NamespacedName name) implements ClusterChange {}

    record NodeSet(Node node) implements ClusterChange {}

    record NodeDeleted(String name) implements ClusterChange {}

    /** The address ranges of cluster IPs that one ServiceCIDR object (networking.k8s.io/v1) names; both families. */
    record ServiceCidrSet(String name, List<IpPrefix> cidrs) implements ClusterChange {

        public ServiceCidrSet {
            cidrs = List.copyOf(cidrs);
        }
    }

    record ServiceCidrDeleted(String name) implements ClusterChange {}
}
