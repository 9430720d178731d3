package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkChannel;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The table of connections of the network namespace of the thread that opened this. Needs CAP_NET_ADMIN. Not for
 * concurrent use.
 */
public final class Conntrack implements AutoCloseable {

    // include/uapi/linux/netfilter/nfnetlink.h: NFNL_SUBSYS_CTNETLINK; nfnetlink_conntrack.h: enum cntl_msg_types
    static final int SUBSYSTEM = 1 << 8;
    static final int IPCTNL_MSG_CT_GET = SUBSYSTEM | 1;
    static final int IPCTNL_MSG_CT_DELETE = SUBSYSTEM | 2;

    /** How often a dump is tried that the kernel interrupts. */
    private static final int ATTEMPTS = 5;

    private final NetlinkChannel channel;

    Conntrack(NetlinkChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException when this kernel has no netfilter */
    public static Conntrack open() throws IOException {
        return new Conntrack(NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER));
    }

    /**
     * Lists flows; nothing is collected. While the table changes, flows may be missing, and after an interruption they
     * may come twice.
     *
     * @return whether it went through to the end without interruption in the last of five attempts
     * @throws IOException when the kernel refuses: EPERM, or EINVAL when it lacks nf_conntrack_netlink
     */
    public boolean list(FlowFilter filter, Consumer<ConntrackFlow> each) throws IOException {
        return untilComplete(() -> dump(filter, each));
    }

    /** Lists the flows of a family, of all protocols; else as {@link #list(FlowFilter, Consumer)}. */
    public boolean list(IpFamily family, Consumer<ConntrackFlow> each) throws IOException {
        return untilComplete(() -> channel.dump(IPCTNL_MSG_CT_GET, ConntrackMessage.dump(family), payload -> {
            var flow = ConntrackMessage.decode(payload);
            if (flow.family() == family) {
                each.accept(flow);
            }
        }));
    }

    private interface Listing {
        void run() throws IOException;
    }

    private static boolean untilComplete(Listing listing) throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                listing.run();
                return true;
            } catch (NetlinkException e) {
                if (e.errno() != NetlinkException.EINTR && e.errno() != NetlinkException.ENOBUFS) {
                    throw e;
                }
            }
        }
        return false;
    }

    private void dump(FlowFilter filter, Consumer<ConntrackFlow> each) throws IOException {
        try {
            dump(ConntrackMessage.dump(filter), filter, each);
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.EOPNOTSUPP && e.errno() != NetlinkException.EINVAL) {
                throw e;
            }
            // A kernel that refuses the filter answers without it; what is refused for other reasons still is.
            dump(ConntrackMessage.dump(filter.family()), filter, each);
        }
    }

    private void dump(byte[] request, FlowFilter filter, Consumer<ConntrackFlow> each) throws IOException {
        channel.dump(IPCTNL_MSG_CT_GET, request, payload -> {
            var flow = ConntrackMessage.decode(payload);
            if (filter.matches(flow)) {
                each.accept(flow);
            }
        });
    }

    /**
     * Deletes exactly this flow: when its id is known, not one with the same tuples that came after it.
     *
     * @return false when it was gone already
     */
    public boolean delete(ConntrackFlow flow) throws IOException {
        try {
            channel.request(
                    IPCTNL_MSG_CT_DELETE, NetlinkChannel.REQUEST | NetlinkChannel.ACK, ConntrackMessage.encode(flow));
            return true;
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
