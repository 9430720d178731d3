package io.fairlead.netfilter.netlink;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Hears what the kernel tells the members of some groups, in the network namespace of the thread that opens it. Not for
 * concurrent use, closing included.
 */
public final class NetlinkSubscription implements AutoCloseable {

    private final Descriptor descriptor;

    private NetlinkSubscription(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * @param protocol such as {@link NetlinkSocket#NETLINK_NETFILTER}
     * @param queueBytes how much may wait to be read before the kernel drops messages
     * @param groups numbers of groups, not bits
     */
    public static NetlinkSubscription open(int protocol, int queueBytes, int... groups) throws NetlinkException {
        var descriptor = Descriptor.open(protocol);
        try {
            descriptor.queueAtMost(queueBytes);
            for (int group : groups) {
                descriptor.join(group);
            }
        } catch (NetlinkException e) {
            descriptor.close();
            throw e;
        }
        return new NetlinkSubscription(descriptor);
    }

    /**
     * Waits for the next messages.
     *
     * @return empty when the time is over
     * @throws NetlinkException with {@link NetlinkException#ENOBUFS} when messages were lost; reading may go on
     */
    public List<NetlinkMessage> next(Duration timeout) throws IOException {
        if (descriptor.isClosed()) {
            throw new IOException("the netlink subscription is closed");
        }
        descriptor.waitAtMost(timeout);
        try {
            return descriptor.receive();
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.EAGAIN) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
