package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares everything in the table but elements: the table itself, its sets, chains and rules. */
final class StructureComparison {

    private final FixedSets fixed;
    private final Optional<TableImage> image;
    private final boolean rebuilds;
    private final Set<String> spared;
    private final boolean ofPorts;
    private final Map<String, NftSet> wantedSets = new LinkedHashMap<>();

    /** Those jumped to before those that jump. */
    private final Map<String, ChainPlan> wantedChains = new LinkedHashMap<>();

    private StructureComparison(
            Model model,
            NftSettings settings,
            FixedSets fixed,
            Optional<TableImage> there,
            Set<String> spared,
            boolean ofPorts) {
        this.fixed = fixed;
        this.spared = spared;
        this.ofPorts = ofPorts;
        wantedSets.putAll(fixed.byName());
        var chains = new FixedTable(settings, model.table().serviceCidrs()).chains();
        chains.stream().filter(plan -> plan.chain().hook().isEmpty()).forEach(this::want);
        model.shapes().forEach(shape -> want(shape.plan(settings)));
        if (ofPorts) {
            model.forEachPort((_, plan) -> {
                plan.sets().forEach(set -> wantedSets.put(set.name(), set));
                plan.chains().forEach(this::want);
            });
        }
        chains.stream().filter(plan -> plan.chain().hook().isPresent()).forEach(this::want);
        rebuilds = there.filter(this::hasForeignSets).isPresent();
        image = rebuilds ? Optional.empty() : there;
    }

    /**
     * Compares all of it.
     *
     * @param there what the kernel holds, without elements; empty when it has no such table
     * @param spared chains that may be there although nothing leads to them
     */
    static StructureComparison whole(
            Model model, NftSettings settings, FixedSets fixed, Optional<TableImage> there, Set<String> spared) {
        return new StructureComparison(model, settings, fixed, there, spared, true);
    }

    /** As {@link #whole}, but what belongs to single Service ports, or did, is not looked at. */
    static StructureComparison shared(Model model, NftSettings settings, FixedSets fixed, Optional<TableImage> there) {
        return new StructureComparison(model, settings, fixed, there, Set.of(), false);
    }

    private void want(ChainPlan plan) {
        wantedChains.put(plan.name(), plan);
    }

    /** A set of ours has another type there: what is there cannot be kept. */
    boolean rebuilds() {
        return rebuilds;
    }

    private boolean hasForeignSets(TableImage table) {
        return fixed.byName().values().stream()
                .anyMatch(set -> table.set(set.name())
                        .filter(there -> !isOfType(set, there))
                        .isPresent());
    }

    /** What the kernel itself compares, and what nft prints keys by. */
    private static boolean isOfType(NftSet set, NftSet there) {
        return set.flags().equals(there.flags())
                && set.isMap() == there.isMap()
                && DataType.concatenatedId(set.key()) == DataType.concatenatedId(there.key())
                && DataType.concatenatedId(set.value()) == DataType.concatenatedId(there.value());
    }

    /** What is not there, or not as it should be. */
    void writeNew(TableEdits edits) {
        if (rebuilds) {
            edits.discardTable();
        }
        if (image.isEmpty()) {
            edits.createTable();
        }
        boolean changed = false;
        for (var set : wantedSets.values()) {
            if (!hasSet(set)) {
                edits.createSet(set);
                changed = true;
            }
        }
        for (var plan : wantedChains.values()) {
            changed |= write(plan, edits);
        }
        if (changed && image.isPresent()) {
            edits.barrier();
        }
    }

    private boolean hasSet(NftSet set) {
        return image.flatMap(table -> table.set(set.name()))
                .filter(there -> isOfType(set, there) && there.timeoutMillis() == set.timeoutMillis())
                .isPresent();
    }

    private boolean write(ChainPlan plan, TableEdits edits) {
        var there = image.flatMap(table -> table.chain(plan.name()));
        if (there.isEmpty()) {
            edits.createChain(plan);
        } else if (!there.get().hook().equals(plan.chain().hook())) {
            edits.replaceChain(plan);
        } else if (!image.orElseThrow().rulesOf(plan.name()).equals(plan.rules())) {
            edits.rewriteChain(plan);
        } else {
            return false;
        }
        return true;
    }

    /** A chain as it was found. */
    Optional<ChainPlan> foundChain(String name) {
        return image.flatMap(table -> table.chain(name).map(chain -> new ChainPlan(chain, table.rulesOf(name))));
    }

    /** Chains that nothing leads to once everything else has been written. */
    List<String> staleChains() {
        var stale = new ArrayList<String>();
        if (!ofPorts) {
            return stale;
        }
        image.ifPresent(table -> table.chains().keySet().stream()
                .filter(name -> Names.comesAndGoes(name) && !wantedChains.containsKey(name) && !spared.contains(name))
                .forEach(stale::add));
        return stale;
    }

    private Set<String> staleSets() {
        var stale = new LinkedHashSet<String>();
        if (!ofPorts) {
            return stale;
        }
        image.ifPresent(table -> table.sets().keySet().stream()
                .filter(name -> Names.isAffinitySet(name) || name.equals(Names.NODE_PORT_IPS))
                .filter(name -> !wantedSets.containsKey(name))
                .forEach(stale::add));
        return stale;
    }

    void writeStale(TableEdits edits) {
        for (var chain : staleChains()) {
            if (!image.orElseThrow().rulesOf(chain).isEmpty()) {
                edits.emptyChain(chain);
            }
        }
        staleSets().forEach(edits::removeSet);
    }
}
