package io.fairlead.proxy.nftables;

import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.List;

/** A place in the hands of its owner. */
record Holding(Claim claim, Placement placement) {

    /** The endpoints that the place leads to by index. */
    List<RoutedEndpoint> cluster() {
        return claim.cluster() ? placement.cluster() : List.of();
    }

    /** Those on this node. */
    List<RoutedEndpoint> local() {
        return claim.local() ? placement.local() : List.of();
    }
}
