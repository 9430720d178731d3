package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Value;
import io.fairlead.proxy.routing.ServicePortName;
import io.fairlead.proxy.routing.ServiceRouting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the whole table in the kernel with what is wanted, and leads from the one to the other. */
final class Comparison {

    /** An element that is not there, or says something else. */
    private record Missing(String set, Element element, boolean wrong) {}

    private final Model model;
    private final FixedSets sets;
    private final StructureComparison structure;
    private final EndpointScan scan;
    private final Map<String, Map<Data, Element>> leftovers = new LinkedHashMap<>();
    private final List<Missing> missing = new ArrayList<>();
    private final Map<String, Map<Data, Value>> wrong = new HashMap<>();
    private final Map<ServicePortName, Placement> placements;

    private Comparison(Model model, NftSettings settings, KernelTable kernel, Set<String> spared)
            throws TableException {
        this.model = model;
        sets = FixedSets.of(settings);
        scan = new EndpointScan(model);
        var image = kernel.read();
        structure = StructureComparison.whole(model, settings, sets, image, spared);
        if (!structure.rebuilds()) {
            readElements(kernel, image);
        }
        placements = scan.placements();
        FixedSets.nodePortIps(settings).forEach(element -> compare(Names.NODE_PORT_IPS, element));
        model.forEachPort(this::compareEntries);
    }

    /**
     * Reads the table and compares.
     *
     * @param settings with the machine's addresses as they are now
     * @param spared chains that may be there although nothing leads to them
     */
    static Comparison of(Model model, NftSettings settings, KernelTable kernel, Set<String> spared)
            throws TableException {
        return new Comparison(model, settings, kernel, spared);
    }

    /** Who has which index, where the kernel knew something of it. */
    Map<ServicePortName, Placement> placements() {
        return placements;
    }

    /** Chains that nothing leads to once everything else has been written. */
    List<String> staleChains() {
        return structure.staleChains();
    }

    /** A chain as it was found. */
    Optional<ChainPlan> foundChain(String name) {
        return structure.foundChain(name);
    }

    /** What an element said that is to be replaced. */
    Optional<Value> foundValue(String set, Data key) {
        if (Endpoints.isMap(set)) {
            return scan.wrong(set, key);
        }
        return Optional.ofNullable(wrong.getOrDefault(set, Map.of()).get(key));
    }

    void write(TableEdits edits) {
        structure.writeNew(edits);
        for (var step : Step.values()) {
            for (var entry : missing) {
                write(entry, step, edits);
            }
            if (step.removes()) {
                leftovers.forEach((set, elements) ->
                        elements.values().forEach(element -> edits.remove(sets.named(set), element)));
                Endpoints.MAPS.forEach(map -> scan.removeLeftovers(sets.named(map), edits));
            } else {
                model.forEachPort((port, plan) -> writeEndpoints(port, plan, step, edits));
            }
        }
        structure.writeStale(edits);
    }

    private void readElements(KernelTable kernel, Optional<TableImage> image) throws TableException {
        for (var set : sets.byName().values()) {
            if (image.flatMap(table -> table.set(set.name())).isEmpty()) {
                continue;
            }
            if (Endpoints.isMap(set.name())) {
                kernel.readElements(set, element -> scan.see(set.name(), element));
            } else {
                var elements = new HashMap<Data, Element>();
                kernel.readElements(set, element -> elements.put(element.key(), element));
                leftovers.put(set.name(), elements);
            }
        }
    }

    private void compareEntries(ServiceRouting port, PortPlan plan) {
        for (var claim : plan.claims().values()) {
            if (model.claims().owns(port.name(), claim.place())) {
                claim.entries().forEach(entry -> compare(entry.set(), entry.element()));
            }
        }
    }

    private void compare(String set, Element element) {
        var found = leftovers.getOrDefault(set, Map.of());
        var there = found.isEmpty() ? null : found.remove(element.key());
        if (there == null) {
            missing.add(new Missing(set, element, false));
        } else if (!there.value().equals(element.value())) {
            missing.add(new Missing(set, element, true));
            there.value()
                    .ifPresent(value ->
                            wrong.computeIfAbsent(set, _ -> new HashMap<>()).put(element.key(), value));
        }
    }

    private void write(Missing entry, Step step, TableEdits edits) {
        if (entry.wrong()) {
            if (step.replaces()) {
                edits.replace(sets.named(entry.set()), entry.element());
            }
        } else if (step.addsTo(entry.set())) {
            edits.add(sets.named(entry.set()), entry.element());
        }
    }

    private void writeEndpoints(ServiceRouting port, PortPlan plan, Step step, TableEdits edits) {
        var placement = placements.getOrDefault(port.name(), model.placement(port));
        for (var claim : plan.claims().values()) {
            if ((claim.cluster() || claim.local()) && model.claims().owns(port.name(), claim.place())) {
                scan.write(port, claim, placement, sets, step, edits);
            }
        }
    }
}
