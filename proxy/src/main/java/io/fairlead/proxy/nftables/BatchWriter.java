package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Sends edits to the kernel in transactions of bounded size. A small change is one transaction; after a failure nothing more
 * is sent, and {@link #finish} throws.
 */
final class BatchWriter implements TableEdits {

    /** About 1 MB of messages, and of elements waiting for them. */
    private static final int OBJECTS_PER_BATCH = 8_192;

    private final KernelTable kernel;
    private final Table table;
    private Batch batch = new Batch();
    private Optional<TableException> failure = Optional.empty();
    private int written;
    private int removed;

    BatchWriter(KernelTable kernel, Table table) {
        this.kernel = kernel;
        this.table = table;
    }

    /** Rules and elements written so far. */
    int written() {
        return written;
    }

    /** Elements removed so far. */
    int removed() {
        return removed;
    }

    /** Sends the rest. */
    void finish() throws TableException {
        send();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public void discardTable() {
        batch.discardTable();
    }

    @Override
    public void createTable() {
        batch.create(table);
    }

    @Override
    public void createSet(NftSet set) {
        batch.create(set);
    }

    @Override
    public void createChain(ChainPlan chain) {
        rewriteChain(chain);
    }

    @Override
    public void rewriteChain(ChainPlan chain) {
        batch.write(chain);
        written += chain.rules().size();
        sendFull();
    }

    @Override
    public void replaceChain(ChainPlan chain) {
        batch.replace(chain);
        written += chain.rules().size();
    }

    @Override
    public void add(NftSet set, Element element) {
        batch.add(set, element);
        written++;
        sendFull();
    }

    @Override
    public void replace(NftSet set, Element element) {
        batch.replace(set, element);
        written++;
        sendFull();
    }

    @Override
    public void remove(NftSet set, Element element) {
        batch.remove(set, element);
        removed++;
        sendFull();
    }

    @Override
    public void emptyChain(String name) {
        batch.emptyChain(name);
    }

    @Override
    public void removeSet(String name) {
        batch.deleteSet(name);
    }

    @Override
    public void barrier() {
        send();
    }

    /** Deletes chains that nothing leads to, apart from one another; in one transaction. */
    static void deleteChains(KernelTable kernel, TableId table, List<String> chains) throws TableException {
        var last = new Batch();
        chains.forEach(last::emptyChain);
        chains.forEach(last::deleteChain);
        commit(kernel, table, last);
    }

    private void sendFull() {
        if (batch.size() >= OBJECTS_PER_BATCH) {
            send();
        }
    }

    private void send() {
        var full = batch;
        batch = new Batch();
        if (full.size() == 0 || failure.isPresent()) {
            return;
        }
        try {
            commit(kernel, table.id(), full);
        } catch (TableException e) {
            failure = Optional.of(e);
        }
    }

    private static void commit(KernelTable kernel, TableId table, Batch batch) throws TableException {
        var transaction = new Transaction(table);
        batch.into(transaction);
        kernel.commit(transaction);
    }
}
