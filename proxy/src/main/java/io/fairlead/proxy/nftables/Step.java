package io.fairlead.proxy.nftables;

/**
 * In which order elements are written. Each step goes over all that is to be done and does its part, so that nothing leads to
 * an endpoint that is not there yet, or is not there any more, wherever the writing is interrupted.
 */
enum Step {
    /** Endpoints that nothing leads to yet. */
    ENDPOINTS,
    /** What leads to them, and endpoints in the place of others. */
    DISPATCH,
    /** What must not be answered otherwise, now that everything else is. */
    REFUSAL,
    /** What nothing leads to any more. */
    LEFTOVERS;

    /** Whether elements are added to this set now. */
    boolean addsTo(String set) {
        return this == (Endpoints.isMap(set) ? ENDPOINTS : set.equals(Names.CLUSTER_IPS) ? REFUSAL : DISPATCH);
    }

    boolean replaces() {
        return this == DISPATCH;
    }

    boolean removes() {
        return this == LEFTOVERS;
    }
}
