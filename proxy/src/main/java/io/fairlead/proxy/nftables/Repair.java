package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at what others have touched, and leads it back to what is wanted. What it costs depends on how much that is, and not on
 * the size of the table; chains that belong to single Services excepted.
 */
final class Repair {

    /** An element that is to be there, and the one that is. */
    private record Difference(NftSet set, Data key, Optional<Element> wanted, Optional<Element> there) {}

    private final Model model;
    private final NftSettings settings;
    private final FixedSets sets;
    private final Optional<StructureComparison> structure;
    private final List<Difference> differences = new ArrayList<>();

    private Repair(Model model, NftSettings settings, FixedSets sets, Optional<StructureComparison> structure) {
        this.model = model;
        this.settings = settings;
        this.sets = sets;
        this.structure = structure;
    }

    /**
     * Reads what was touched.
     *
     * @param spared chains that may be there although nothing leads to them
     * @return empty when so much is missing that all of it has to be compared
     */
    static Optional<Repair> of(
            Disturbance disturbance, Model model, NftSettings settings, Set<String> spared, KernelTable kernel)
            throws TableException {
        if (disturbance.everything()) {
            return Optional.empty();
        }
        var sets = FixedSets.of(settings);
        Optional<StructureComparison> structure = Optional.empty();
        if (!disturbance.objects().isEmpty()) {
            var image = kernel.read();
            boolean whole = image.filter(table ->
                            table.sets().keySet().containsAll(sets.byName().keySet()))
                    .isPresent();
            var compared = reachesPorts(disturbance, model)
                    ? StructureComparison.whole(model, settings, sets, image, spared)
                    : StructureComparison.shared(model, settings, sets, image);
            if (!whole || compared.rebuilds()) {
                return Optional.empty();
            }
            structure = Optional.of(compared);
        }
        var repair = new Repair(model, settings, sets, structure);
        repair.compare(disturbance.elements(), kernel);
        return Optional.of(repair);
    }

    /** Whether chains or sets are meant that belong to single Services, or did. */
    private static boolean reachesPorts(Disturbance disturbance, Model model) {
        var shared = model.shapes().stream().map(Shape::chain).collect(Collectors.toSet());
        return disturbance.objects().stream().anyMatch(name -> Names.comesAndGoes(name) && !shared.contains(name));
    }

    private void compare(Map<String, Set<Data>> touched, KernelTable kernel) throws TableException {
        for (var entry : touched.entrySet()) {
            var set = sets.byName().get(entry.getKey());
            if (set == null) {
                continue;
            }
            for (var key : entry.getValue()) {
                var wanted = wanted(set, key);
                var there = kernel.readElement(set, key);
                if (!isSame(wanted, there)) {
                    differences.add(new Difference(set, key, wanted, there));
                }
            }
        }
    }

    /** Whether both are there with the same value, or neither is. */
    private static boolean isSame(Optional<Element> one, Optional<Element> other) {
        return one.isPresent() == other.isPresent()
                && one.flatMap(Element::value).equals(other.flatMap(Element::value));
    }

    private Optional<Element> wanted(NftSet set, Data key) {
        if (set.name().equals(Names.NODE_PORT_IPS)) {
            return FixedSets.nodePortIps(settings).stream()
                    .filter(element -> element.key().equals(key))
                    .findFirst();
        }
        return Endpoints.placeOf(set.name(), key).flatMap(model::holding).flatMap(holding -> wanted(set, key, holding));
    }

    private static Optional<Element> wanted(NftSet set, Data key, Holding holding) {
        if (Endpoints.isMap(set.name())) {
            var endpoints = Endpoints.isLocal(set.name()) ? holding.local() : holding.cluster();
            int index = Keys.indexOf(key);
            return index >= 0 && index < endpoints.size()
                    ? Optional.of(Endpoints.element(holding.claim().place(), index, endpoints.get(index)))
                    : Optional.empty();
        }
        return holding.claim().entries().stream()
                .filter(entry -> entry.set().equals(set.name()))
                .map(Claim.Entry::element)
                .findFirst();
    }

    void write(TableEdits edits) {
        structure.ifPresent(found -> found.writeNew(edits));
        for (var step : Step.values()) {
            differences.forEach(difference -> write(difference, step, edits));
        }
        structure.ifPresent(found -> found.writeStale(edits));
    }

    private static void write(Difference difference, Step step, TableEdits edits) {
        var set = difference.set();
        if (difference.wanted().isEmpty()) {
            if (step.removes()) {
                edits.remove(set, Element.of(difference.key()));
            }
        } else if (difference.there().isPresent()) {
            if (step.replaces()) {
                edits.replace(set, difference.wanted().get());
            }
        } else if (step.addsTo(set.name())) {
            edits.add(set, difference.wanted().get());
        }
    }

    /** Chains that nothing leads to once everything else has been written. */
    List<String> staleChains() {
        return structure.map(StructureComparison::staleChains).orElse(List.of());
    }
}
