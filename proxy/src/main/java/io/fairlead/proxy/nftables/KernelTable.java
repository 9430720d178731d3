package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.Transaction;
import java.util.Optional;
import java.util.function.Consumer;

/** The one table of a family, as it is in the kernel. */
interface KernelTable {

    /** Sets, chains and rules, without the elements of sets that have names; empty when there is no such table. */
    Optional<TableImage> read() throws TableException;

    /** The elements of a set or map that is there. */
    void readElements(NftSet set, Consumer<Element> elements) throws TableException;

    /** @return the element with this key as it is now; empty when there is none, or no such set */
    Optional<Element> readElement(NftSet set, Data key) throws TableException;

    /**
     * Calls {@code disturbed} whenever somebody else has changed the table, from another thread; if it was changed since it was
     * last {@link #read}, at once.
     */
    void watch(Runnable disturbed);

    /** What somebody else has changed since this was last asked. */
    Disturbance takeDisturbance();

    /** All of it or nothing. */
    void commit(Transaction transaction) throws TableException;
}
