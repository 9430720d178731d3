package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServicePortName;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the maps of endpoints in the kernel with what is wanted. Who has which index is taken from the kernel as far as
 * that is any good, so that what is right is left alone. Kept is one reference for each endpoint and a bit or two for each
 * element, not the elements.
 */
final class EndpointScan {

    private final Model model;
    private final Map<ServicePortName, Optional<PortScan>> ports = new HashMap<>();
    private final Map<String, List<Element>> leftovers = new HashMap<>();

    EndpointScan(Model model) {
        this.model = model;
    }

    /** Takes note of an element. */
    void see(String map, Element element) {
        var place = new Place(Endpoints.kindOf(map), Keys.placeOf(element.key()));
        boolean wanted = model.claims()
                .owner(place)
                .flatMap(this::scan)
                .map(port -> port.see(
                        place,
                        Endpoints.isLocal(map),
                        Keys.indexOf(element.key()),
                        element.value().orElseThrow()))
                .orElse(false);
        if (!wanted) {
            leftovers.computeIfAbsent(map, _ -> new ArrayList<>()).add(element);
        }
    }

    /** What an element says that should say something else. */
    Optional<Value> wrong(String map, Data key) {
        var place = new Place(Endpoints.kindOf(map), Keys.placeOf(key));
        return model.claims()
                .owner(place)
                .flatMap(port -> ports.getOrDefault(port, Optional.empty()))
                .map(scan -> scan.found(place, Endpoints.isLocal(map)).wrong().get(Keys.indexOf(key)));
    }

    private Optional<PortScan> scan(ServicePortName name) {
        return ports.computeIfAbsent(
                name,
                _ -> model.routing(name)
                        .map(routing -> new PortScan(routing, PortPlanner.plan(routing, model.settings()))));
    }

    /** Who has which index, where the kernel knew something of it. */
    Map<ServicePortName, Placement> placements() {
        var placements = new HashMap<ServicePortName, Placement>();
        ports.forEach((name, scan) -> scan.ifPresent(found -> placements.put(name, found.placement())));
        return placements;
    }

    /** What of a Service port's place is missing or wrong. */
    void write(ServiceRouting port, Claim claim, Placement placement, FixedSets sets, Step step, TableEdits edits) {
        if (claim.cluster()) {
            write(port, claim.place(), false, placement.cluster(), sets, step, edits);
        }
        if (claim.local()) {
            write(port, claim.place(), true, placement.local(), sets, step, edits);
        }
    }

    private void write(
            ServiceRouting port,
            Place place,
            boolean local,
            List<RoutedEndpoint> endpoints,
            FixedSets sets,
            Step step,
            TableEdits edits) {
        var map = sets.named(Endpoints.map(place.kind(), local));
        if (!step.addsTo(map.name()) && !step.replaces()) {
            return;
        }
        var found = ports.getOrDefault(port.name(), Optional.empty())
                .map(scan -> scan.found(place, local))
                .orElse(PortScan.Found.NOTHING);
        for (int i = found.right().nextClearBit(0);
                i < endpoints.size();
                i = found.right().nextClearBit(i + 1)) {
            if (found.wrong().containsKey(i)) {
                if (step.replaces()) {
                    edits.replace(map, Endpoints.element(place, i, endpoints.get(i)));
                }
            } else if (step.addsTo(map.name())) {
                edits.add(map, Endpoints.element(place, i, endpoints.get(i)));
            }
        }
    }

    /** Elements of a map that nobody wants. */
    void removeLeftovers(NftSet map, TableEdits edits) {
        leftovers.getOrDefault(map.name(), List.of()).forEach(element -> edits.remove(map, element));
    }
}
