package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;

/**
 * Takes what is to be changed in a table. Edits come in such an order that the table is whole for every Service after each of
 * them: what is led to before what leads there, and what is not led to any more last.
 */
interface TableEdits {

    /** The table with all that is in it: nothing of it can be kept. */
    void discardTable();

    /** The table itself, which is not there. */
    void createTable();

    /** A set that is not there. */
    void createSet(NftSet set);

    /** A chain that is not there; those that it leads to are. */
    void createChain(ChainPlan chain);

    /** A chain that says something else. */
    void rewriteChain(ChainPlan chain);

    /** A base chain that is hooked in elsewhere. */
    void replaceChain(ChainPlan chain);

    void add(NftSet set, Element element);

    /** An element whose value is another. */
    void replace(NftSet set, Element element);

    /** @param element only its key counts */
    void remove(NftSet set, Element element);

    /** Takes the rules out of a chain that nothing leads to any more. */
    void emptyChain(String name);

    void removeSet(String name);

    /** What has come so far has to be in the kernel before the rest. */
    void barrier();
}
