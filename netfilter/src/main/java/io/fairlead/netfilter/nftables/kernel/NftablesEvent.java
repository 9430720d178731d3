package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.nftables.wire.Message;

/** What the kernel tells of changes to nftables. */
public sealed interface NftablesEvent {

    /**
     * An object is new, changed or gone, or a transaction is complete ({@link Message.OfGeneration}, after its objects, with
     * the process that made it).
     *
     * @param port of the socket that made the change: {@link Nftables#port} for one's own
     */
    record Changed(Message message, int port) implements NftablesEvent {}

    /** Something changed that is not known here, such as a flowtable or a hook of a network device. */
    record Unreadable(String why, int port) implements NftablesEvent {}

    /** Events came faster than they were read: some are missing, and only reading the tables can tell which. */
    record Lost() implements NftablesEvent {}
}
