package io.fairlead.proxy.inspect;

import io.fairlead.proxy.routing.EndpointSelection;
import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.Optional;
import java.util.TreeSet;

/** Why an endpoint does not get traffic. */
record Exclusion(RoutedEndpoint endpoint, String reason) {

    static Exclusion of(RoutedEndpoint endpoint, EndpointSelection selection, boolean local, NodeView view) {
        return new Exclusion(endpoint, reason(endpoint, selection, local, view));
    }

    private static String reason(RoutedEndpoint endpoint, EndpointSelection selection, boolean local, NodeView view) {
        var conditions = endpoint.endpoint();
        if (local && !endpoint.local()) {
            return "not on this node, and the policy is Local";
        }
        if (endpoint.ready()) {
            return topology(endpoint, selection, view);
        }
        if (endpoint.servingWhileTerminating()) {
            return "terminating; it still serves, but that counts only where nothing ready is left";
        }
        return conditions.terminating() ? "terminating and no longer serving" : "not ready";
    }

    private static String topology(RoutedEndpoint endpoint, EndpointSelection selection, NodeView view) {
        var conditions = endpoint.endpoint();
        return switch (selection.topology()) {
            case PREFER_SAME_NODE ->
                "for other nodes: its hints name " + new TreeSet<>(conditions.nodeHints()) + ", this is "
                        + view.nodeName();
            case PREFER_SAME_ZONE ->
                "for another zone: its hints name " + new TreeSet<>(conditions.zoneHints()) + ", this node is in "
                        + view.zone().orElse("none");
            case NONE -> "ready, but not used by this policy";
        };
    }

    static Optional<String> preference(EndpointSelection selection, boolean local) {
        boolean terminating = local ? selection.localTerminating() : selection.clusterTerminating();
        if (terminating) {
            return Optional.of("nothing ready is left, so endpoints that are going away but still serve get it");
        }
        if (local) {
            return Optional.empty();
        }
        return switch (selection.topology()) {
            case NONE -> Optional.empty();
            case PREFER_SAME_NODE -> Optional.of("hints keep the traffic on this node");
            case PREFER_SAME_ZONE -> Optional.of("hints keep the traffic in this node's zone");
        };
    }
}
