package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one transaction is to do. Within it only such order matters as the kernel asks for: a thing is made before it is
 * referred to, and referred to no more before it is deleted.
 */
final class Batch {

    private final List<Table> tables = new ArrayList<>();
    private final List<NftSet> newSets = new ArrayList<>();
    private final List<String> replacedChains = new ArrayList<>();
    private final List<ChainPlan> chains = new ArrayList<>();
    private final Map<String, Change> elements = new LinkedHashMap<>();
    private final List<String> emptied = new ArrayList<>();
    private final List<String> deletedSets = new ArrayList<>();
    private final List<String> deletedChains = new ArrayList<>();
    private boolean discards;
    private int size;

    /** The elements of one set. */
    private record Change(NftSet set, List<Element> replaced, List<Element> added, List<Element> removed) {

        static Change of(NftSet set) {
            return new Change(set, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Roughly how many objects. */
    int size() {
        return size;
    }

    /** Everything else in this batch is made anew. */
    void discardTable() {
        discards = true;
        size++;
    }

    void create(Table table) {
        tables.add(table);
        size++;
    }

    void create(NftSet set) {
        newSets.add(set);
        size++;
    }

    /** Makes it if it is not there, and has it hold these rules and no others. */
    void write(ChainPlan chain) {
        chains.add(chain);
        size += 2 + chain.rules().size();
    }

    /** As {@link #write}, and where it hangs is new. */
    void replace(ChainPlan chain) {
        replacedChains.add(chain.name());
        write(chain);
    }

    void add(NftSet set, Element element) {
        of(set).added().add(element);
        size++;
    }

    void replace(NftSet set, Element element) {
        var change = of(set);
        change.replaced().add(Element.of(element.key()));
        change.added().add(element);
        size += 2;
    }

    void remove(NftSet set, Element element) {
        of(set).removed().add(Element.of(element.key()));
        size++;
    }

    void emptyChain(String name) {
        emptied.add(name);
        size++;
    }

    void deleteSet(String name) {
        deletedSets.add(name);
        size++;
    }

    void deleteChain(String name) {
        deletedChains.add(name);
        size++;
    }

    private Change of(NftSet set) {
        return elements.computeIfAbsent(set.name(), _ -> Change.of(set));
    }

    void into(Transaction transaction) {
        if (discards) {
            transaction.deleteTable();
        }
        tables.forEach(transaction::add);
        replacedChains.forEach(transaction::deleteChain);
        for (var plan : chains) {
            transaction.add(plan.chain());
        }
        newSets.forEach(transaction::add);
        for (var plan : chains) {
            transaction.flushChain(plan.name());
            plan.rules().forEach(rule -> transaction.add(plan.name(), rule));
        }
        for (var change : elements.values()) {
            delete(transaction, change.set(), change.replaced());
            if (!change.added().isEmpty()) {
                transaction.add(change.set(), change.added());
            }
        }
        elements.values().forEach(change -> delete(transaction, change.set(), change.removed()));
        emptied.forEach(transaction::flushChain);
        deletedSets.forEach(transaction::deleteSet);
        deletedChains.forEach(transaction::deleteChain);
    }

    private static void delete(Transaction transaction, NftSet set, List<Element> elements) {
        if (!elements.isEmpty()) {
            transaction.delete(set, elements);
        }
    }
}
