package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;

/** Leaves the kernel as it is. */
enum NoEdits implements TableEdits {
    INSTANCE;

    @Override
    public void discardTable() {}

    @Override
    public void createTable() {}

    @Override
    public void createSet(NftSet set) {}

    @Override
    public void createChain(ChainPlan chain) {}

    @Override
    public void rewriteChain(ChainPlan chain) {}

    @Override
    public void replaceChain(ChainPlan chain) {}

    @Override
    public void add(NftSet set, Element element) {}

    @Override
    public void replace(NftSet set, Element element) {}

    @Override
    public void remove(NftSet set, Element element) {}

    @Override
    public void emptyChain(String name) {}

    @Override
    public void removeSet(String name) {}

    @Override
    public void barrier() {}
}
