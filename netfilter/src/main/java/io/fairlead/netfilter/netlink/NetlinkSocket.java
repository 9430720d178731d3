package io.fairlead.netfilter.netlink;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink socket in the network namespace of the thread that opens it.
 *
 * <p>One request at a time: not for concurrent use, but it may be handed from thread to thread. The kernel answers
 * within the call or, on a broken system, not at all: after {@link #ANSWER} a request fails.
 */
public final class NetlinkSocket implements NetlinkChannel {

    /** include/uapi/linux/netlink.h */
    public static final int NETLINK_NETFILTER = 12;

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Descriptor descriptor;
    private int sequence;

    private NetlinkSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * @param protocol such as {@link #NETLINK_NETFILTER}
     * @throws NetlinkException when the kernel has no such protocol
     */
    public static NetlinkSocket open(int protocol) throws NetlinkException {
        var descriptor = Descriptor.open(protocol);
        try {
            descriptor.waitAtMost(ANSWER);
        } catch (NetlinkException e) {
            descriptor.close();
            throw e;
        }
        return new NetlinkSocket(descriptor);
    }

    @Override
    public List<byte[]> request(int type, int flags, byte[] payload) throws IOException {
        var answers = new ArrayList<byte[]>();
        exchange(type, flags, payload, answers::add);
        return answers;
    }

    @Override
    public void dump(int type, byte[] payload, Sink sink) throws IOException {
        exchange(type, REQUEST | DUMP, payload, sink);
    }

    private void exchange(int type, int flags, byte[] payload, Sink sink) throws IOException {
        if (descriptor.isClosed()) {
            throw new IOException("the netlink socket is closed");
        }
        sequence++;
        descriptor.send(new NetlinkMessage(type, flags, sequence, payload).toBytes());
        var answer = new Answer(sequence, sink);
        while (!answer.complete) {
            for (var message : descriptor.receive()) {
                answer.read(message);
            }
        }
        answer.check();
    }

    /** Reads one answer to its end, even when the sink fails on the way: what is left would spoil the next. */
    private static final class Answer {

        private final int sequence;
        private final Sink sink;
        private final List<IOException> failures = new ArrayList<>();
        private boolean complete;

        Answer(int sequence, Sink sink) {
            this.sequence = sequence;
            this.sink = sink;
        }

        void read(NetlinkMessage message) {
            // Answers to an earlier request that timed out are not ours.
            if (complete || message.sequence() != sequence) {
                return;
            }
            if ((message.flags() & NetlinkMessage.NLM_F_DUMP_INTR) != 0) {
                fail(new NetlinkException("netlink dump of a table that changed meanwhile", NetlinkException.EINTR));
            }
            switch (message.type()) {
                case NetlinkMessage.NLMSG_DONE, NetlinkMessage.NLMSG_ERROR -> {
                    complete = true;
                    if (message.errno() != 0) {
                        fail(new NetlinkException("netlink request", message.errno()));
                    }
                }
                default -> pass(message.payload());
            }
        }

        private void pass(byte[] payload) {
            try {
                sink.accept(payload);
            } catch (IOException e) {
                fail(e);
            }
        }

        /** The first failure is the one that is told. */
        private void fail(IOException failure) {
            if (failures.isEmpty()) {
                failures.add(failure);
            }
        }

        void check() throws IOException {
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
