package io.fairlead.netfilter.nftables.wire;

import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import java.util.List;

/** What one message of the kernel says: an object that is there or new, or one that is gone. */
public sealed interface Message {

    record OfTable(boolean deleted, Table table) implements Message {}

    /** @param chain of one that is gone, perhaps only its name */
    record OfChain(boolean deleted, TableId table, Chain chain) implements Message {}

    /**
     * @param handle the kernel's number of the rule
     * @param rule names anonymous sets as the kernel does: {@code __set0}
     */
    record OfRule(boolean deleted, TableId table, String chain, long handle, Rule rule) implements Message {}

    /**
     * @param anonymous whether it belongs to a rule; not always said of one that is gone
     * @param set of one that is gone, perhaps only its name
     */
    record OfSet(boolean deleted, TableId table, boolean anonymous, NftSet set) implements Message {}

    record OfElements(boolean deleted, TableId table, String set, List<Element> elements) implements Message {}

    /**
     * The end of a transaction.
     *
     * @param id number of the generation that it made
     * @param process that committed it; 0 when nothing is said
     * @param program name of that process, at most 15 bytes
     */
    record OfGeneration(int id, int process, String program) implements Message {}
}
