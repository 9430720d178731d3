package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.netlink.NetlinkMessage;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import io.fairlead.netfilter.netlink.NetlinkSubscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Flows that come and go, in the network namespace of the thread that opened this, all families and protocols. Of
 * flows that began while nobody listened the end is not told either, unless {@code net.netfilter.nf_conntrack_events} is 1
 * (2 is usual; with 0 nothing is told). Not for concurrent use, closing included.
 */
public final class ConntrackEvents implements AutoCloseable {

    // include/uapi/linux/netfilter/nfnetlink.h: enum nfnetlink_groups
    private static final int NFNLGRP_CONNTRACK_NEW = 1;
    private static final int NFNLGRP_CONNTRACK_DESTROY = 3;

    // include/uapi/linux/netfilter/nfnetlink_conntrack.h: enum cntl_msg_types
    private static final int IPCTNL_MSG_CT_NEW = Conntrack.SUBSYSTEM;

    private final NetlinkSubscription subscription;

    private ConntrackEvents(NetlinkSubscription subscription) {
        this.subscription = subscription;
    }

    /** @param queueBytes how much may wait to be read before events are lost; an event takes some 500 bytes */
    public static ConntrackEvents open(int queueBytes) throws IOException {
        return new ConntrackEvents(NetlinkSubscription.open(
                NetlinkSocket.NETLINK_NETFILTER, queueBytes, NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_DESTROY));
    }

    /**
     * Waits for the next events.
     *
     * @return in order; empty when the time is over
     */
    public List<ConntrackEvent> next(Duration timeout) throws IOException {
        try {
            var events = new ArrayList<ConntrackEvent>();
            for (var message : subscription.next(timeout)) {
                add(events, message);
            }
            return events;
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOBUFS) {
                return List.of(new ConntrackEvent.Lost());
            }
            throw e;
        }
    }

    private static void add(List<ConntrackEvent> events, NetlinkMessage message) throws IOException {
        switch (message.type()) {
            case IPCTNL_MSG_CT_NEW ->
                events.add(new ConntrackEvent.Created(ConntrackMessage.decode(message.payload())));
            case Conntrack.IPCTNL_MSG_CT_DELETE ->
                events.add(new ConntrackEvent.Destroyed(ConntrackMessage.decode(message.payload())));
            default -> {}
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
