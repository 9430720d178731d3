package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The table for a routing, without a kernel.
 *
 * @param settings with the machine's addresses
 */
public record NftRendering(RoutingTable table, NftSettings settings) {

    /** What an empty kernel would hold afterwards. */
    public TableImage appliedToEmptyKernel() {
        var model = new Model(settings);
        model.moveTo(table);
        return appliedToEmptyKernel(model, settings);
    }

    /** What an empty kernel would hold that got all that is wanted. */
    static TableImage appliedToEmptyKernel(Model model, NftSettings settings) {
        var paper = new Paper();
        try {
            Comparison.of(model, settings, NoKernel.INSTANCE, Set.of()).write(paper);
        } catch (TableException e) {
            throw new IllegalStateException("nothing was to be read", e);
        }
        return new TableImage(FixedTable.of(settings.family()), paper.chains, paper.rules, paper.sets, paper.elements);
    }

    /** A kernel without the table. */
    private enum NoKernel implements KernelTable {
        INSTANCE;

        @Override
        public Optional<TableImage> read() {
            return Optional.empty();
        }

        @Override
        public void readElements(NftSet set, Consumer<Element> elements) {}

        @Override
        public void watch(Runnable disturbed) {}

        @Override
        public Optional<Element> readElement(NftSet set, Data key) {
            return Optional.empty();
        }

        @Override
        public Disturbance takeDisturbance() {
            return Disturbance.NONE;
        }

        @Override
        public void commit(Transaction transaction) {
            throw new UnsupportedOperationException("there is no kernel here");
        }
    }

    /** Writes everything down that is new; nothing else comes where nothing is. */
    private static final class Paper implements TableEdits {

        private final LinkedHashMap<String, Chain> chains = new LinkedHashMap<>();
        private final Map<String, List<Rule>> rules = new HashMap<>();
        private final LinkedHashMap<String, NftSet> sets = new LinkedHashMap<>();
        private final Map<String, List<Element>> elements = new HashMap<>();

        @Override
        public void createTable() {}

        @Override
        public void createSet(NftSet set) {
            sets.put(set.name(), set);
        }

        @Override
        public void createChain(ChainPlan chain) {
            chains.put(chain.name(), chain.chain());
            rules.put(chain.name(), chain.rules());
        }

        @Override
        public void add(NftSet set, Element element) {
            elements.computeIfAbsent(set.name(), _ -> new ArrayList<>()).add(element);
        }

        @Override
        public void barrier() {}

        @Override
        public void discardTable() {
            throw unexpected();
        }

        @Override
        public void rewriteChain(ChainPlan chain) {
            throw unexpected();
        }

        @Override
        public void replaceChain(ChainPlan chain) {
            throw unexpected();
        }

        @Override
        public void replace(NftSet set, Element element) {
            throw unexpected();
        }

        @Override
        public void remove(NftSet set, Element element) {
            throw unexpected();
        }

        @Override
        public void emptyChain(String name) {
            throw unexpected();
        }

        @Override
        public void removeSet(String name) {
            throw unexpected();
        }

        private static IllegalStateException unexpected() {
            return new IllegalStateException("there is nothing to change in an empty kernel");
        }
    }
}
