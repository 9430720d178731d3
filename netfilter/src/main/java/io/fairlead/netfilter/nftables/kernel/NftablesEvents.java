package io.fairlead.netfilter.nftables.kernel;

import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.netlink.NetlinkMessage;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import io.fairlead.netfilter.netlink.NetlinkSubscription;
import io.fairlead.netfilter.nftables.wire.MessageReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Hears of every change to nftables in the network namespace of the thread that opens this, one's own included. Not for
 * concurrent use, closing included.
 */
public final class NftablesEvents implements AutoCloseable {

    /** include/uapi/linux/netfilter/nfnetlink.h: enum nfnetlink_groups */
    private static final int NFNLGRP_NFTABLES = 7;

    private final NetlinkSubscription subscription;

    private NftablesEvents(NetlinkSubscription subscription) {
        this.subscription = subscription;
    }

    /** @param queueBytes how much may wait to be read before events are lost; a large transaction makes megabytes */
    public static NftablesEvents open(int queueBytes) throws NetlinkException {
        return new NftablesEvents(
                NetlinkSubscription.open(NetlinkSocket.NETLINK_NETFILTER, queueBytes, NFNLGRP_NFTABLES));
    }

    /**
     * Waits for the next events.
     *
     * @return empty when the time is over
     */
    public List<NftablesEvent> next(Duration timeout) throws IOException {
        return next(timeout, _ -> false);
    }

    /**
     * As {@link #next(Duration)}, but what comes from some sockets is passed over unread.
     *
     * @param passedOver told a socket's port
     * @return empty when the time is over, or nothing else came
     */
    public List<NftablesEvent> next(Duration timeout, IntPredicate passedOver) throws IOException {
        List<NetlinkMessage> messages;
        try {
            messages = subscription.next(timeout);
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOBUFS) {
                return List.of(new NftablesEvent.Lost());
            }
            throw e;
        }
        var events = new ArrayList<NftablesEvent>();
        for (var message : messages) {
            if (!passedOver.test(message.port())) {
                events.add(event(message));
            }
        }
        return events;
    }

    private static NftablesEvent event(NetlinkMessage message) {
        try {
            return MessageReader.read(message.type(), message.payload())
                    .<NftablesEvent>map(known -> new NftablesEvent.Changed(known, message.port()))
                    .orElseGet(() -> new NftablesEvent.Unreadable("message type " + message.type(), message.port()));
        } catch (MalformedMessageException e) {
            return new NftablesEvent.Unreadable(e.getMessage() + "", message.port());
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
