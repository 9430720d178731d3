package io.fairlead.netfilter.trace;

/** Where a walk is inside a base chain. Mutable: belongs to one walk. */
interface Position {

    /** Does what stands here to the walk and moves on, or ends the chain or the walk. */
    void step(Walk walk, Traversal traversal);

    Position copy();
}
