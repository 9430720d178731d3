package io.fairlead.proxy.nftables;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServicePortName;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What is wanted in the table: the routing, and what of the past decides beside it: who came first to a place, and which
 * endpoint has which index. Plans themselves are not kept, they follow from the routing.
 */
final class Model {

    private final NftSettings settings;
    private final Claims claims;
    private final Map<Shape, Integer> shapes;
    private final Map<ServicePortName, Placement> placements;
    private RoutingTable table;

    Model(NftSettings settings) {
        this(settings, new Claims(), new HashMap<>(), new HashMap<>(), RoutingTable.empty(settings.family()));
    }

    private Model(
            NftSettings settings,
            Claims claims,
            Map<Shape, Integer> shapes,
            Map<ServicePortName, Placement> placements,
            RoutingTable table) {
        this.settings = settings;
        this.claims = claims;
        this.shapes = shapes;
        this.placements = placements;
        this.table = table;
    }

    /** One that goes its own way from here. */
    Model copy() {
        return new Model(settings, claims.copy(), new HashMap<>(shapes), new HashMap<>(placements), table);
    }

    /** What is wanted of these Services alone, each with the places that it owns here. */
    Model part(RoutingTable some) {
        var part = new Model(settings);
        for (var ports : some.services().values()) {
            for (var port : ports) {
                for (var place : PortPlanner.plan(port, settings).claims().keySet()) {
                    claims.owner(place).ifPresent(owner -> part.claims.claim(place, owner));
                }
            }
        }
        part.moveTo(some);
        return part;
    }

    NftSettings settings() {
        return settings;
    }

    RoutingTable table() {
        return table;
    }

    /** The shared chains in use, those jumped to before those that jump. */
    List<Shape> shapes() {
        return shapes.keySet().stream()
                .sorted(Comparator.comparing(Shape::form))
                .toList();
    }

    Claims claims() {
        return claims;
    }

    /** All Service ports with their plans. */
    void forEachPort(BiConsumer<ServiceRouting, PortPlan> action) {
        for (var ports : table.services().values()) {
            for (var port : ports) {
                action.accept(port, PortPlanner.plan(port, settings));
            }
        }
    }

    Optional<ServiceRouting> routing(ServicePortName name) {
        return find(table.portsOf(name.service()), name);
    }

    /** Who has a place, and what it is to say. */
    Optional<Holding> holding(Place place) {
        return claims.owner(place).flatMap(this::routing).flatMap(port -> holding(place, port, Map.of()));
    }

    Placement placement(ServiceRouting port) {
        var known = placements.get(port.name());
        return known == null ? Placement.initial(port) : known;
    }

    /** Takes over who has which index, as it was found. */
    void adopt(Map<ServicePortName, Placement> found) {
        placements.putAll(found);
    }

    /** Moves on to another routing, wherever it differs. */
    void moveTo(RoutingTable desired) {
        for (var name : changedServices(desired)) {
            var before = byName(table.portsOf(name));
            var after = byName(desired.portsOf(name));
            var begun = new LinkedHashMap<Shape, Integer>();
            advance(before, plans(before), after, plans(after), begun);
            begun.forEach(this::use);
        }
        table = desired;
    }

    private Set<NamespacedName> changedServices(RoutingTable desired) {
        var changed = new TreeSet<NamespacedName>();
        desired.services().forEach((name, ports) -> {
            if (!ports.equals(table.portsOf(name))) {
                changed.add(name);
            }
        });
        for (var name : table.services().keySet()) {
            if (!desired.services().containsKey(name)) {
                changed.add(name);
            }
        }
        return changed;
    }

    /**
     * Moves on to another routing.
     *
     * @param changed the Services in which it may differ
     */
    ModelChange moveTo(RoutingTable desired, Collection<NamespacedName> changed) {
        var before = new LinkedHashMap<ServicePortName, ServiceRouting>();
        var after = new LinkedHashMap<ServicePortName, ServiceRouting>();
        for (var service : new TreeSet<>(changed)) {
            before.putAll(byName(table.portsOf(service)));
            after.putAll(byName(desired.portsOf(service)));
        }
        var oldPlans = plans(before);
        var newPlans = plans(after);
        var places = new LinkedHashSet<Place>();
        oldPlans.values().forEach(plan -> places.addAll(plan.claims().keySet()));
        newPlans.values().forEach(plan -> places.addAll(plan.claims().keySet()));

        var held = holdings(places, oldPlans, before);
        var growth = new LinkedHashMap<Shape, Integer>();
        advance(before, oldPlans, after, newPlans, growth);
        table = desired;
        var holds = holdings(places, newPlans, after);

        var changes = new ArrayList<ModelChange.OfPlace>(places.size());
        for (var place : places) {
            changes.add(new ModelChange.OfPlace(
                    Optional.ofNullable(held.get(place)), Optional.ofNullable(holds.get(place))));
        }
        return new ModelChange(
                changes, List.copyOf(oldPlans.values()), List.copyOf(newPlans.values()), countShapes(growth));
    }

    private static Map<ServicePortName, ServiceRouting> byName(List<ServiceRouting> ports) {
        var byName = new LinkedHashMap<ServicePortName, ServiceRouting>();
        ports.forEach(port -> byName.put(port.name(), port));
        return byName;
    }

    private Map<ServicePortName, PortPlan> plans(Map<ServicePortName, ServiceRouting> ports) {
        var plans = new LinkedHashMap<ServicePortName, PortPlan>();
        ports.forEach((name, port) -> plans.put(name, PortPlanner.plan(port, settings)));
        return plans;
    }

    /** Who has these places at present, and what they are to say. */
    private Map<Place, Holding> holdings(
            Set<Place> places, Map<ServicePortName, PortPlan> plans, Map<ServicePortName, ServiceRouting> ports) {
        var holdings = new HashMap<Place, Holding>();
        for (var place : places) {
            claims.owner(place).ifPresent(owner -> {
                var port = ports.containsKey(owner) ? Optional.of(ports.get(owner)) : routing(owner);
                port.flatMap(routing -> holding(place, routing, plans)).ifPresent(found -> holdings.put(place, found));
            });
        }
        return holdings;
    }

    private Optional<Holding> holding(Place place, ServiceRouting port, Map<ServicePortName, PortPlan> plans) {
        var plan = plans.containsKey(port.name()) ? plans.get(port.name()) : PortPlanner.plan(port, settings);
        return Optional.ofNullable(plan.claims().get(place)).map(claim -> new Holding(claim, placement(port)));
    }

    /** New claims before old ones are given up, so that who keeps a place keeps its rank. */
    private void advance(
            Map<ServicePortName, ServiceRouting> before,
            Map<ServicePortName, PortPlan> oldPlans,
            Map<ServicePortName, ServiceRouting> after,
            Map<ServicePortName, PortPlan> newPlans,
            Map<Shape, Integer> growth) {
        newPlans.forEach((name, plan) -> {
            plan.claims().keySet().forEach(place -> claims.claim(place, name));
            plan.shapes().forEach(shape -> growth.merge(shape, 1, Integer::sum));
        });
        oldPlans.forEach((name, plan) -> {
            var kept = newPlans.getOrDefault(name, PortPlan.NOTHING).claims();
            for (var place : plan.claims().keySet()) {
                if (!kept.containsKey(place)) {
                    claims.release(place, name);
                }
            }
            plan.shapes().forEach(shape -> growth.merge(shape, -1, Integer::sum));
        });
        before.forEach((name, port) -> {
            var old = placement(port);
            placements.remove(name);
            var next = after.get(name);
            if (next != null) {
                remember(next, old.next(next));
            }
        });
    }

    /** What can be told from the routing need not be kept. */
    private void remember(ServiceRouting port, Placement placement) {
        if (!placement.equals(Placement.initial(port))) {
            placements.put(port.name(), placement);
        }
    }

    private ModelChange.OfShapes countShapes(Map<Shape, Integer> growth) {
        var begun = new ArrayList<Shape>();
        var ended = new ArrayList<Shape>();
        growth.forEach((shape, more) -> {
            boolean was = shapes.containsKey(shape);
            use(shape, more);
            boolean is = shapes.containsKey(shape);
            if (is && !was) {
                begun.add(shape);
            } else if (was && !is) {
                ended.add(shape);
            }
        });
        begun.sort(Comparator.comparing(Shape::form));
        return new ModelChange.OfShapes(begun, ended);
    }

    private void use(Shape shape, int more) {
        shapes.merge(shape, more, (used, growth) -> used + growth == 0 ? null : used + growth);
    }

    private static Optional<ServiceRouting> find(List<ServiceRouting> ports, ServicePortName name) {
        for (var port : ports) {
            if (port.name().equals(name)) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
    }
}
