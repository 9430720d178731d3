package io.fairlead.proxy.nftables;

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

    /** Calls {@code disturbed} whenever somebody else has changed the table, from another thread. */
    void watch(Runnable disturbed);

    /** Whether somebody else has changed it since this was last asked. */
    boolean wasDisturbed();

    /** All of it or nothing. */
    void commit(Transaction transaction) throws TableException;
}
