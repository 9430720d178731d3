package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Command;
import io.fairlead.netfilter.nftables.Element;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A transaction failed: nothing of it is in the kernel, unless {@link #mayBeApplied} says otherwise. The message names the
 * first object that the kernel refused, and counts the others.
 */
public final class TransactionException extends IOException {

    /** What the kernel refused, and why; plain values, so that the exception can be serialized. */
    private final transient List<Refusal> refusals;

    private final int errno;
    private final boolean mayBeApplied;

    /**
     * One refusal.
     *
     * @param command empty when the batch as a whole is meant
     * @param element the element of the command that is meant, when the kernel says which
     * @param errno a positive errno(3), see {@link NetlinkException}
     * @param explanation the kernel's own words, which are rare
     */
    public record Refusal(
            Optional<Command> command, Optional<Element> element, int errno, Optional<String> explanation) {}

    TransactionException(String message, int errno, List<Refusal> refusals, boolean mayBeApplied) {
        super(message);
        this.errno = errno;
        this.refusals = List.copyOf(refusals);
        this.mayBeApplied = mayBeApplied;
    }

    /** In the order of the batch, but what goes wrong at its very end comes first; empty when nothing was answered. */
    public List<Refusal> refusals() {
        return refusals;
    }

    /** Of the first refusal, such as {@link NetlinkException#EEXIST}; ENOBUFS when the answer was lost. */
    public int errno() {
        return errno;
    }

    /**
     * Whether the answer was lost, and somebody has changed the rules since: perhaps this transaction. Only reading them can
     * tell.
     */
    public boolean mayBeApplied() {
        return mayBeApplied;
    }
}
