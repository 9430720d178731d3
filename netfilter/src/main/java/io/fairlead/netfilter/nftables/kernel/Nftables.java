package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.netlink.BatchAnswer;
import io.fairlead.netfilter.netlink.BatchSocket;
import io.fairlead.netfilter.netlink.NetlinkError;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.TransactionException.Refusal;
import io.fairlead.netfilter.nftables.wire.Batch;
import io.fairlead.netfilter.nftables.wire.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The nftables of the network namespace of the thread that opens this. Needs CAP_NET_ADMIN in it. Not for concurrent use,
 * but it may be handed from thread to thread.
 */
public final class Nftables implements AutoCloseable {

    /** How often reading begins again when somebody changes the rules meanwhile. */
    private static final int ATTEMPTS = 10;

    private final BatchSocket batches;
    private final Dump dump;

    private Nftables(BatchSocket batches, NetlinkSocket queries) {
        this.batches = batches;
        this.dump = new Dump(queries);
    }

    /** @throws NetlinkException when this kernel has no netfilter */
    public static Nftables open() throws NetlinkException {
        var batches = BatchSocket.open(NetlinkSocket.NETLINK_NETFILTER);
        try {
            return new Nftables(batches, NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER));
        } catch (NetlinkException e) {
            batches.close();
            throw e;
        }
    }

    /** The port that stands in {@link NftablesEvent} when the change came from here. */
    public int port() throws NetlinkException {
        return batches.port();
    }

    /** The number of the last transaction in this namespace, whoever made it. */
    public int generation() throws IOException {
        return dump.generation().id();
    }

    /**
     * Applies a transaction: all of it or nothing. An empty one is not sent.
     *
     * @throws TransactionException when the kernel refuses it, with the object that caused it
     * @throws NetlinkException when it could not be sent
     */
    public void commit(Transaction transaction) throws IOException {
        if (!transaction.isEmpty()) {
            try (var batch = Batch.of(transaction)) {
                commit(batch);
            }
        }
    }

    /** Applies a batch that has been ended. */
    public void commit(Batch batch) throws IOException {
        int before = generation();
        var answer = batches.send(batch.messages());
        refuse(batch, answer);
        if (!answer.acknowledged().contains(batch.lastSequence())) {
            boolean changed = generation() != before;
            throw new TransactionException(
                    "the kernel's answer to a transaction on table " + batch.table() + " was lost; it "
                            + (changed ? "may have been applied: read the table" : "was not applied"),
                    NetlinkException.ENOBUFS,
                    List.of(),
                    changed);
        }
    }

    /**
     * Has the kernel check a transaction without applying it. What is only found at the end of a transaction, such as a loop
     * of jumps, is not found.
     *
     * @throws TransactionException when the kernel would refuse it
     */
    public void check(Transaction transaction) throws IOException {
        if (transaction.isEmpty()) {
            return;
        }
        try (var batch = Batch.unapplied(transaction)) {
            refuse(batch, batches.send(batch.messages()));
        }
    }

    private static void refuse(Batch batch, BatchAnswer answer) throws TransactionException {
        if (answer.errors().isEmpty()) {
            return;
        }
        var refusals =
                answer.errors().stream().map(error -> refusal(batch, error)).toList();
        var first = refusals.getFirst();
        var text = text(batch, first);
        throw new TransactionException(
                refusals.size() == 1 ? text : text + ", and " + (refusals.size() - 1) + " more",
                first.errno(),
                refusals,
                false);
    }

    private static Refusal refusal(Batch batch, NetlinkError error) {
        return new Refusal(
                batch.commandOf(error.sequence()),
                error.offset().isPresent()
                        ? batch.elementAt(error.sequence(), error.offset().getAsInt())
                        : Optional.empty(),
                error.errno(),
                error.explanation());
    }

    private static String text(Batch batch, Refusal refusal) {
        return refusal.command()
                        .map(command -> CommandText.of(batch.table(), command, refusal.element()))
                        .orElse("transaction on table " + batch.table())
                + ": "
                + NetlinkException.text(refusal.errno())
                + refusal.explanation().map(words -> ": " + words).orElse("");
    }

    /** Something that reads several things that must be of one generation. */
    @FunctionalInterface
    public interface Reading<T> {
        T read(Dump dump) throws IOException;
    }

    /**
     * Reads until nobody has changed anything meanwhile.
     *
     * @throws NetlinkException with {@link NetlinkException#EINTR} when ten attempts were not enough
     */
    public <T> T consistently(Reading<T> reading) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int before = dump.generation().id();
            try {
                var result = reading.read(dump);
                if (dump.generation().id() == before) {
                    return result;
                }
                throw new NetlinkException("reading nftables while others change them", NetlinkException.EINTR);
            } catch (NetlinkException e) {
                boolean worthRepeating = e.errno() == NetlinkException.EINTR
                        || e.errno() == NetlinkException.ENOBUFS
                        // An object that was there when it was listed.
                        || e.errno() == NetlinkException.ENOENT
                                && dump.generation().id() != before;
                if (!worthRepeating || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * A table with all that is in it, of one generation.
     *
     * @return empty when there is no such table
     */
    public Optional<TableImage> read(TableId table) throws IOException {
        return consistently(reading -> reading.table(table, true));
    }

    /** As {@link #read}, without the elements of named sets, which may be many: see {@link #elements}. */
    public Optional<TableImage> readStructure(TableId table) throws IOException {
        return consistently(reading -> reading.table(table, false));
    }

    /**
     * The elements of a set as they come, each once. Nothing is collected.
     *
     * @throws NetlinkException with {@link NetlinkException#EINTR} when the set changed meanwhile: all that came has been
     *     handed over; with {@link NetlinkException#ENOENT} when there is no such set
     * @see Dump#elements
     */
    public void elements(TableId table, String set, Consumer<Element> each) throws IOException {
        dump.elements(table, set, each);
    }

    /**
     * One element.
     *
     * @param key a single value, no range
     * @return empty when there is none with this key, or no such set
     */
    public Optional<Element> element(TableId table, String set, Data key) throws IOException {
        return dump.element(table, set, key);
    }

    /** The rules of a table with their handles, in order within each chain. */
    public List<Message.OfRule> rules(TableId table) throws IOException {
        return consistently(reading -> reading.rules(table));
    }

    @Override
    public void close() {
        batches.close();
        dump.close();
    }
}
