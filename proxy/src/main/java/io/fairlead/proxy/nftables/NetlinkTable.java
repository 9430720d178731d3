package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.nftables.kernel.TransactionException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A table of the kernel, over netlink. For several threads, one after the other. */
final class NetlinkTable implements KernelTable {

    /** What a transaction or a question fails with when the table is not what it was. */
    private static final Set<Integer> CHANGED = Set.of(
            NetlinkException.ENOENT,
            NetlinkException.EEXIST,
            NetlinkException.EBUSY,
            NetlinkException.EINVAL,
            NetlinkException.EOPNOTSUPP,
            NetlinkException.EINTR);

    private final Nftables nftables;
    private final TableId id;
    private final TableWatch watch;
    private final AtomicBoolean disturbed = new AtomicBoolean();

    NetlinkTable(Nftables nftables, TableId id, TableWatch watch) {
        this.nftables = nftables;
        this.id = id;
        this.watch = watch;
    }

    @Override
    public synchronized Optional<TableImage> read() throws TableException {
        try {
            return nftables.readStructure(id);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void readElements(NftSet set, Consumer<Element> elements) throws TableException {
        try {
            nftables.elements(id, set.name(), elements);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void commit(Transaction transaction) throws TableException {
        try {
            nftables.commit(transaction);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static TableException failure(IOException e) {
        int errno =
                switch (e) {
                    case TransactionException refused ->
                        refused.mayBeApplied() ? NetlinkException.EINTR : refused.errno();
                    case NetlinkException failed -> failed.errno();
                    default -> 0;
                };
        var kind = CHANGED.contains(errno) ? TableException.Kind.CHANGED : TableException.Kind.REFUSED;
        return new TableException(kind, String.valueOf(e.getMessage()), e);
    }

    @Override
    public void watch(Runnable listener) {
        watch.listen(id, () -> {
            disturbed.set(true);
            listener.run();
        });
    }

    @Override
    public boolean wasDisturbed() {
        return disturbed.getAndSet(false);
    }
}
