package io.fairlead.proxy.routing;

import java.util.List;
import java.util.Optional;

/** Which ready endpoints hints leave over for cluster traffic from this node (spec section 2.1). */
public enum Topology {
    /** No hint applies: every ready endpoint. */
    NONE,
    /** All ready endpoints have node hints, and some name this node: those. */
    PREFER_SAME_NODE,
    /** All ready endpoints have zone hints, and some name this node's zone: those. */
    PREFER_SAME_ZONE;

    static Topology of(List<RoutedEndpoint> endpoints, String nodeName, Optional<String> zone) {
        boolean anyReady = false;
        boolean allNodeHints = true;
        boolean allZoneHints = true;
        boolean forThisNode = false;
        boolean forThisZone = false;
        for (var candidate : endpoints) {
            if (!candidate.ready()) {
                continue;
            }
            anyReady = true;
            var nodeHints = candidate.endpoint().nodeHints();
            var zoneHints = candidate.endpoint().zoneHints();
            allNodeHints &= !nodeHints.isEmpty();
            allZoneHints &= !zoneHints.isEmpty();
            forThisNode |= nodeHints.contains(nodeName);
            forThisZone |= zone.isPresent() && zoneHints.contains(zone.get());
        }
        if (anyReady && allNodeHints && forThisNode) {
            return PREFER_SAME_NODE;
        }
        return anyReady && allZoneHints && forThisZone ? PREFER_SAME_ZONE : NONE;
    }

    boolean admits(RoutedEndpoint candidate, String nodeName, Optional<String> zone) {
        return switch (this) {
            case NONE -> true;
            case PREFER_SAME_NODE -> candidate.endpoint().nodeHints().contains(nodeName);
            case PREFER_SAME_ZONE ->
                zone.isPresent() && candidate.endpoint().zoneHints().contains(zone.get());
        };
    }
}
