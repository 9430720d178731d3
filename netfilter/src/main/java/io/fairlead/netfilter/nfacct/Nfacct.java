package io.fairlead.netfilter.nfacct;

import io.fairlead.netfilter.netlink.NetlinkChannel;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The named counters of the network namespace of the thread that opened this. Not for concurrent use.
 *
 * <p>Names have 1–31 bytes; others are refused with an {@link IllegalArgumentException}.
 */
public final class Nfacct implements AutoCloseable {

    // include/uapi/linux/netfilter/nfnetlink.h: NFNL_SUBSYS_ACCT; nfnetlink_acct.h: NFNL_MSG_ACCT_NEW, _GET
    private static final int SUBSYSTEM = 7 << 8;
    private static final int NEW = SUBSYSTEM;
    private static final int GET = SUBSYSTEM | 1;

    private final NetlinkChannel channel;

    Nfacct(NetlinkChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException when this kernel has no such counters, or this process may not use them */
    public static Nfacct open() throws IOException {
        var nfacct = new Nfacct(NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER));
        try {
            nfacct.request(GET, NetlinkChannel.REQUEST | NetlinkChannel.ACK, "IMayExist");
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.ENOENT) {
                nfacct.close();
                throw e;
            }
        }
        return nfacct;
    }

    /** Makes the counter if it is not there. */
    public void ensure(String name) throws IOException {
        if (get(name).isEmpty()) {
            add(name);
        }
    }

    /** @return whether it is new */
    boolean add(String name) throws IOException {
        try {
            request(NEW, NetlinkChannel.REQUEST | NetlinkChannel.CREATE | NetlinkChannel.ACK, name);
            return true;
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.EBUSY) {
                return false;
            }
            throw e;
        }
    }

    /** Empty when there is none of this name. */
    public Optional<Counter> get(String name) throws IOException {
        try {
            var answers = request(GET, NetlinkChannel.REQUEST | NetlinkChannel.ACK, name);
            if (answers.isEmpty()) {
                throw new IOException("nfacct counter \"" + name + "\": the kernel answered nothing");
            }
            var counter = CounterMessage.decode(answers.getFirst()).counter();
            if (counter.isEmpty()) {
                throw new IOException("nfacct counter \"" + name + "\": the kernel's answer is incomplete");
            }
            return counter;
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<byte[]> request(int type, int flags, String name) throws IOException {
        return channel.request(type, flags, CounterMessage.encode(name));
    }

    @Override
    public void close() {
        channel.close();
    }
}
