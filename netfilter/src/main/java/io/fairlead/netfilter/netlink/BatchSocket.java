package io.fairlead.netfilter.netlink;

import java.util.ArrayList;
import java.util.List;

/**
 * Sends batches, many messages in one datagram, which the kernel takes or refuses as a whole, in the network namespace of
 * the thread that opens it. Not for concurrent use.
 */
public final class BatchSocket implements AutoCloseable {

    /** Room for some thousand errors. */
    private static final int RECEIVE_QUEUE = 4 << 20;

    private final Descriptor descriptor;
    private int sendable;

    private BatchSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    public static BatchSocket open(int protocol) throws NetlinkException {
        var descriptor = Descriptor.open(protocol);
        try {
            descriptor.explainErrors();
            descriptor.queueAtMost(RECEIVE_QUEUE);
        } catch (NetlinkException e) {
            descriptor.close();
            throw e;
        }
        return new BatchSocket(descriptor);
    }

    /** The port that stands in what others hear of this socket's doings. */
    public int port() throws NetlinkException {
        return descriptor.port();
    }

    /**
     * Sends a batch and reads all answers: the kernel has them ready when the call returns.
     *
     * @throws NetlinkException when it was not sent, for example with {@link NetlinkException#EMSGSIZE} when it is larger
     *     than this process may send
     */
    public BatchAnswer send(MessageBuffer batch) throws NetlinkException {
        if (batch.size() > sendable) {
            descriptor.sendAtMost(batch.size());
            sendable = batch.size();
        }
        descriptor.send(batch.written());
        return answers();
    }

    private BatchAnswer answers() throws NetlinkException {
        var errors = new ArrayList<NetlinkError>();
        var acknowledged = new ArrayList<Integer>();
        boolean lost = false;
        while (true) {
            List<NetlinkMessage> messages;
            try {
                messages = descriptor.receiveNow();
            } catch (NetlinkException e) {
                if (e.errno() == NetlinkException.ENOBUFS) {
                    lost = true;
                    continue;
                }
                if (e.errno() == NetlinkException.EAGAIN) {
                    return new BatchAnswer(errors, acknowledged, lost);
                }
                throw e;
            }
            for (var message : messages) {
                if (message.type() == NetlinkMessage.NLMSG_ERROR) {
                    NetlinkError.of(message).ifPresentOrElse(errors::add, () -> acknowledged.add(message.sequence()));
                }
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
