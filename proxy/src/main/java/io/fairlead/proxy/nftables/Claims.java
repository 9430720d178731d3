package io.fairlead.proxy.nftables;

import io.fairlead.proxy.routing.ServicePortName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which Service ports want which place. The one that came first owns it, and keeps it until it lets go. */
final class Claims {

    /** Nearly always one claimant: it stands for itself, several for a list. */
    private final Map<Place, Object> claimants;

    Claims() {
        claimants = new HashMap<>();
    }

    private Claims(Map<Place, Object> claimants) {
        this.claimants = claimants;
    }

    /** One that goes its own way from here. */
    Claims copy() {
        return new Claims(new HashMap<>(claimants));
    }

    Optional<ServicePortName> owner(Place place) {
        return Optional.ofNullable(first(claimants.get(place)));
    }

    boolean owns(ServicePortName port, Place place) {
        return port.equals(first(claimants.get(place)));
    }

    /** Nothing happens when it has claimed it already. */
    void claim(Place place, ServicePortName port) {
        var current = all(claimants.get(place));
        if (!current.contains(port)) {
            var more = new ArrayList<>(current);
            more.add(port);
            put(place, more);
        }
    }

    void release(Place place, ServicePortName port) {
        var rest = new ArrayList<>(all(claimants.get(place)));
        if (rest.remove(port)) {
            put(place, rest);
        }
    }

    private void put(Place place, List<ServicePortName> ports) {
        switch (ports.size()) {
            case 0 -> claimants.remove(place);
            case 1 -> claimants.put(place, ports.getFirst());
            default -> claimants.put(place, List.copyOf(ports));
        }
    }

    private static @Nullable ServicePortName first(@Nullable Object found) {
        var all = all(found);
        return all.isEmpty() ? null : all.getFirst();
    }

    private static List<ServicePortName> all(@Nullable Object found) {
        return switch (found) {
            case null -> List.of();
            case ServicePortName single -> List.of(single);
            case List<?> several ->
                several.stream().map(ServicePortName.class::cast).toList();
            default -> throw new IllegalStateException("neither a port nor ports: " + found);
        };
    }
}
