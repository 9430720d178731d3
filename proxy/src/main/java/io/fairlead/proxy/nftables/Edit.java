package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.proxy.routing.RoutedEndpoint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Leads the table from what was wanted before to what is wanted now. What it costs depends on the change alone.
 */
final class Edit {

    private final ModelChange change;
    private final NftSettings settings;
    private final FixedSets sets;
    private final StaleChains stale;
    private final Map<String, ChainPlan> oldChains = new LinkedHashMap<>();
    private final Map<String, ChainPlan> newChains = new LinkedHashMap<>();
    private final Map<String, NftSet> oldSets = new LinkedHashMap<>();
    private final Map<String, NftSet> newSets = new LinkedHashMap<>();

    /** @param stale chains that were left behind and may be taken up again */
    Edit(ModelChange change, NftSettings settings, FixedSets sets, StaleChains stale) {
        this.change = change;
        this.settings = settings;
        this.sets = sets;
        this.stale = stale;
        for (var plan : change.oldPlans()) {
            plan.chains().forEach(chain -> oldChains.put(chain.name(), chain));
            plan.sets().forEach(set -> oldSets.put(set.name(), set));
        }
        for (var plan : change.newPlans()) {
            plan.chains().forEach(chain -> newChains.put(chain.name(), chain));
            plan.sets().forEach(set -> newSets.put(set.name(), set));
        }
    }

    void write(TableEdits edits) {
        if (createChains(edits)) {
            edits.barrier();
        }
        newChains.forEach((name, chain) -> {
            var old = oldChains.get(name);
            if (old != null && !old.equals(chain)) {
                edits.rewriteChain(chain);
            }
        });
        for (var step : Step.values()) {
            change.places().forEach(place -> write(place, step, edits));
        }
        leaveChains(edits);
    }

    /**
     * Chains that are new come in a transaction before the elements that lead to them: a packet that is on its way while
     * both become visible could find a new chain still empty.
     */
    private boolean createChains(TableEdits edits) {
        boolean created = false;
        for (var set : newSets.values()) {
            var old = oldSets.get(set.name());
            if (!set.equals(old)) {
                edits.createSet(set);
                created = true;
            }
        }
        for (var shape : change.shapes().begun()) {
            if (!stale.takeUp(shape.chain())) {
                edits.createChain(shape.plan(settings));
                created = true;
            }
        }
        for (var chain : newChains.values()) {
            if (!oldChains.containsKey(chain.name())) {
                stale.takeUp(chain.name());
                edits.createChain(chain);
                created = true;
            }
        }
        return created;
    }

    private void leaveChains(TableEdits edits) {
        oldChains.keySet().stream().filter(name -> !newChains.containsKey(name)).forEach(name -> {
            edits.emptyChain(name);
            stale.leave(name, false);
        });
        oldSets.keySet().stream().filter(name -> !newSets.containsKey(name)).forEach(edits::removeSet);
        change.shapes().ended().forEach(shape -> stale.leave(shape.chain(), true));
    }

    private void write(ModelChange.OfPlace change, Step step, TableEdits edits) {
        writeEntries(change, step, edits);
        change.after()
                .or(change::before)
                .map(holding -> holding.claim().place())
                .ifPresent(place -> {
                    writeEndpoints(
                            place,
                            false,
                            list(change.before(), Holding::cluster),
                            list(change.after(), Holding::cluster),
                            step,
                            edits);
                    writeEndpoints(
                            place,
                            true,
                            list(change.before(), Holding::local),
                            list(change.after(), Holding::local),
                            step,
                            edits);
                });
    }

    private static List<RoutedEndpoint> list(
            Optional<Holding> holding, Function<Holding, List<RoutedEndpoint>> endpoints) {
        return holding.map(endpoints).orElse(List.of());
    }

    private void writeEntries(ModelChange.OfPlace place, Step step, TableEdits edits) {
        var before = entries(place.before());
        var after = entries(place.after());
        after.forEach((set, element) -> {
            var old = before.get(set);
            if (old == null) {
                if (step.addsTo(set)) {
                    edits.add(sets.named(set), element);
                }
            } else if (step.replaces() && !old.value().equals(element.value())) {
                edits.replace(sets.named(set), element);
            }
        });
        if (step.removes()) {
            before.forEach((set, element) -> {
                if (!after.containsKey(set)) {
                    edits.remove(sets.named(set), element);
                }
            });
        }
    }

    private static Map<String, Element> entries(Optional<Holding> holding) {
        var entries = new HashMap<String, Element>();
        holding.ifPresent(found -> found.claim().entries().forEach(entry -> entries.put(entry.set(), entry.element())));
        return entries;
    }

    private void writeEndpoints(
            Place place,
            boolean local,
            List<RoutedEndpoint> before,
            List<RoutedEndpoint> after,
            Step step,
            TableEdits edits) {
        if (before.isEmpty() && after.isEmpty()) {
            return;
        }
        var map = sets.named(Endpoints.map(place.kind(), local));
        int common = Math.min(before.size(), after.size());
        for (int i = 0; step.replaces() && i < common; i++) {
            if (!before.get(i).text().equals(after.get(i).text())) {
                edits.replace(map, Endpoints.element(place, i, after.get(i)));
            }
        }
        for (int i = common; step.addsTo(map.name()) && i < after.size(); i++) {
            edits.add(map, Endpoints.element(place, i, after.get(i)));
        }
        for (int i = common; step.removes() && i < before.size(); i++) {
            edits.remove(map, Endpoints.key(place, i));
        }
    }
}
