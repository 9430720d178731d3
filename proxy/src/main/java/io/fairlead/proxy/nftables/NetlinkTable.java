package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.nftables.kernel.TransactionException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table of the kernel, over netlink. For several threads, one after the other. */
final class NetlinkTable implements KernelTable {

    private static final Logger log = LoggerFactory.getLogger(NetlinkTable.class);

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
    private final Disturbances disturbances = new Disturbances();

    /** How many transactions of others there had been when the table was last read. */
    private OptionalInt othersAtReading = OptionalInt.empty();

    NetlinkTable(Nftables nftables, TableId id, TableWatch watch) {
        this.nftables = nftables;
        this.id = id;
        this.watch = watch;
    }

    @Override
    public synchronized Optional<TableImage> read() throws TableException {
        try {
            othersAtReading = OptionalInt.of(watch.countOthers(nftables.generation()));
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
    public synchronized Optional<Element> readElement(NftSet set, Data key) throws TableException {
        try {
            return nftables.element(id, set.name(), key);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void commit(Transaction transaction) throws TableException {
        try {
            nftables.commit(transaction);
            watch.countOwn();
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
    public synchronized void watch(Runnable listener) {
        watch.listen(id, change -> {
            change.ifPresentOrElse(disturbances::add, disturbances::addEverything);
            listener.run();
        });
        if (!undisturbed()) {
            disturbances.addEverything();
            listener.run();
        }
    }

    /** Whether nobody else has changed anything from the last reading to the first notification. */
    private boolean undisturbed() {
        try {
            return othersAtReading.equals(OptionalInt.of(watch.countOthers(nftables.generation())));
        } catch (IOException e) {
            log.atDebug().addKeyValue("err", e).log("Could not ask for the generation of the nftables rules");
            return false;
        }
    }

    @Override
    public Disturbance takeDisturbance() {
        return disturbances.take();
    }
}
