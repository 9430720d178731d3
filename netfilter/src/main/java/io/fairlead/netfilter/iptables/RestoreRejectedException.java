package io.fairlead.netfilter.iptables;

/** A restore that the kernel would refuse. The tables before the failing one have been committed. */
public final class RestoreRejectedException extends Exception {

    private final transient Ruleset committed;

    RestoreRejectedException(String problem, Ruleset committed) {
        super(problem);
        this.committed = committed;
    }

    /** The state that the failed restore leaves behind. */
    public Ruleset committed() {
        return committed;
    }
}
