package io.fairlead.proxy.cluster;

/** One object came, changed or went. */
public sealed interface ClusterChange {

    record ServiceSet(Service service) implements ClusterChange {}

    record ServiceDeleted(NamespacedName name) implements ClusterChange {}

    record SliceSet(EndpointSlice slice) implements ClusterChange {}

    record SliceDeleted(NamespacedName name) implements ClusterChange {}

    record NodeSet(Node node) implements ClusterChange {}

    record NodeDeleted(String name) implements ClusterChange {}
}
