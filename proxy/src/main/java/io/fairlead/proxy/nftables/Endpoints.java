package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.List;
import java.util.Optional;

/** The maps in which endpoints are found by place and index, and their elements. */
final class Endpoints {

    static final List<String> MAPS = List.of(
            Names.SERVICE_ENDPOINTS,
            Names.SERVICE_LOCAL_ENDPOINTS,
            Names.NODE_PORT_ENDPOINTS,
            Names.NODE_PORT_LOCAL_ENDPOINTS);

    private Endpoints() {}

    static boolean isMap(String set) {
        return MAPS.contains(set);
    }

    /** @param local whether the endpoints are those of policy Local */
    static String map(Place.Kind kind, boolean local) {
        if (kind == Place.Kind.NODE_PORT) {
            return local ? Names.NODE_PORT_LOCAL_ENDPOINTS : Names.NODE_PORT_ENDPOINTS;
        }
        return local ? Names.SERVICE_LOCAL_ENDPOINTS : Names.SERVICE_ENDPOINTS;
    }

    /** The kind of place whose endpoints are in a map. */
    static Place.Kind kindOf(String map) {
        return map.equals(Names.NODE_PORT_ENDPOINTS) || map.equals(Names.NODE_PORT_LOCAL_ENDPOINTS)
                ? Place.Kind.NODE_PORT
                : Place.Kind.ADDRESS;
    }

    /** The place that an element belongs to; empty for sets without places. */
    static Optional<Place> placeOf(String set, Data key) {
        return switch (set) {
            case Names.SERVICE_IPS, Names.NO_ENDPOINT_SERVICES, Names.FIREWALL_IPS ->
                Optional.of(new Place(Place.Kind.ADDRESS, key));
            case Names.SERVICE_NODE_PORTS, Names.NO_ENDPOINT_NODE_PORTS ->
                Optional.of(new Place(Place.Kind.NODE_PORT, key));
            case Names.CLUSTER_IPS -> Optional.of(new Place(Place.Kind.CLUSTER_IP, key));
            case Names.HAIRPIN -> Optional.of(new Place(Place.Kind.LOCAL_ENDPOINT, key));
            default -> isMap(set) ? Optional.of(new Place(kindOf(set), Keys.placeOf(key))) : Optional.empty();
        };
    }

    static boolean isLocal(String map) {
        return map.equals(Names.SERVICE_LOCAL_ENDPOINTS) || map.equals(Names.NODE_PORT_LOCAL_ENDPOINTS);
    }

    static Element element(Place place, int index, RoutedEndpoint endpoint) {
        return Element.of(Keys.indexed(place.key(), index), Keys.endpoint(endpoint));
    }

    /** What is enough to remove one. */
    static Element key(Place place, int index) {
        return Element.of(Keys.indexed(place.key(), index));
    }

    /** Whether an element says this endpoint. */
    static boolean says(Value value, RoutedEndpoint endpoint) {
        return value instanceof Data data && data.equals(Keys.endpoint(endpoint));
    }
}
